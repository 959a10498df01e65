import { encodeBase64url } from './base64url.ts'
import type { JsonObject } from './json.ts'
import type { Signer } from './signer.ts'

/** Signs claims as a compact JWS with explicit typing (RFC 7515 §7.1, RFC 8725 §3.11). */
export async function signJwt(
  token: { readonly typ: string; readonly claims: JsonObject },
  signer: Signer,
): Promise<string> {
  const payload = encodeBase64url(Buffer.from(JSON.stringify(token.claims), 'utf8'))
  const signingInput = `${encodedHeader(token.typ, signer)}.${payload}`
  const signature = signer.sign(Buffer.from(signingInput, 'ascii'))
  return `${signingInput}.${encodeBase64url(signature instanceof Uint8Array ? signature : await signature)}`
}

function encodedHeader(typ: string, signer: Signer): string {
  const known = encodedHeaders.get(signer)?.get(typ)
  if (known !== undefined) return known
  const header = JSON.stringify({ alg: signer.alg, typ, kid: signer.kid })
  const encoded = encodeBase64url(Buffer.from(header, 'utf8'))
  encodedHeaders.set(signer, new Map([...(encodedHeaders.get(signer) ?? []), [typ, encoded]]))
  return encoded
}

const encodedHeaders = new WeakMap<Signer, Map<string, string>>()
