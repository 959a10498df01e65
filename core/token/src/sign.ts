import { Buffer } from 'node:buffer'
import { jwsAlgorithms } from './algorithms.ts'
import { encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { Signer } from './signer.ts'

/**
 * Makes a compact JWS whose header holds exactly `alg`, `typ` and `kid` (RFC 7515 §5.1, RFC 7519 §7.1).
 * Throws `token/claims` when the claims are no JSON object, `token/signature` when the signer answers with a
 * signature of the wrong length, and whatever the signer throws.
 */
export async function signJwt(
  token: { readonly typ: string; readonly claims: JsonObject },
  signer: Signer,
): Promise<string> {
  const input = `${protectedHeader(token.typ, signer)}.${encodeClaims(token.claims)}`
  const answer = signer.sign(Buffer.from(input, 'latin1'))
  const signature = answer instanceof Uint8Array ? answer : await answer
  const expected = jwsAlgorithms.get(signer.alg)?.signatureLength
  if (expected === undefined || (expected !== 'modulus' && expected !== signature.length)) {
    throw new TokenError('token/signature', 'Cannot sign the token: the signature has the wrong length')
  }
  return `${input}.${encodeBase64url(signature)}`
}

function encodeClaims(claims: JsonObject): string {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new TokenError('token/claims', 'Cannot sign the token: its claims are not an object')
  }
  return Buffer.from(JSON.stringify(claims), 'utf8').toString('base64url')
}

function protectedHeader(typ: string, signer: Signer): string {
  const cached = headers.get(signer)
  if (cached?.typ === typ) return cached.header
  const json = JSON.stringify({ alg: signer.alg, typ, kid: signer.kid })
  const header = Buffer.from(json, 'utf8').toString('base64url')
  headers.set(signer, { typ, header })
  return header
}

/** The last header of each signer: a signer nearly always signs one kind of token. */
const headers: WeakMap<Signer, { readonly typ: string; readonly header: string }> = new WeakMap()
