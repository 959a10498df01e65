import { asciiBytes, base64urlOfText } from '#platform'
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
  const answer = signer.sign(asciiBytes(input))
  const signature = answer instanceof Uint8Array ? answer : await answer
  if (!hasLengthFor(signer, signature)) {
    throw new TokenError('token/signature', 'Cannot sign the token: the signature has the wrong length')
  }
  return `${input}.${encodeBase64url(signature)}`
}

/** A signer does not say how long its modulus is, so RSA is held to the range of the keys that verify. */
function hasLengthFor(signer: Signer, signature: Uint8Array): boolean {
  const expected = jwsAlgorithms.get(signer.alg)?.signatureLength
  if (expected !== 'modulus') return signature.length === expected
  return signature.length >= SHORTEST_MODULUS && signature.length <= LONGEST_MODULUS
}

/** Judges the text, since what becomes of an object with a `toJSON` is known only then. */
function encodeClaims(claims: JsonObject): string {
  const json: string | undefined = JSON.stringify(claims)
  if (json === undefined || !json.startsWith('{')) {
    throw new TokenError('token/claims', 'Cannot sign the token: its claims are not an object')
  }
  return base64urlOfText(json)
}

function protectedHeader(typ: string, signer: Signer): string {
  const cached = headers.get(signer)?.get(typ)
  if (cached !== undefined) return cached
  const json = JSON.stringify({ alg: signer.alg, typ, kid: signer.kid })
  const header = base64urlOfText(json)
  remember(signer, typ, header)
  return header
}

function remember(signer: Signer, typ: string, header: string): void {
  const known = headers.get(signer)
  if (known === undefined) headers.set(signer, new Map([[typ, header]]))
  else if (known.size < MAX_TYPS) known.set(typ, header)
}

/** The headers of each signer by typ: a signer signs a few kinds of token again and again. */
const headers: WeakMap<Signer, Map<string, string>> = new WeakMap()
const MAX_TYPS = 8
/** In bytes: moduli of 2048 and of 8192 bits. */
const SHORTEST_MODULUS = 256
const LONGEST_MODULUS = 1024
