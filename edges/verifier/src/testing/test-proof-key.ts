import {
  encodeBase64url,
  generateKeyPairAsync,
  type JsonObject,
  jwkThumbprintAsync,
  loadSignKey,
  pooledSignerOf,
  sha256Base64url,
} from '@jotwarden/token'

/** The key of a client that binds its tokens (RFC 9449), for tests of an API that takes such tokens. */
export interface TestProofKey {
  /** For the claim `cnf` of a token: `issuer.mint({ cnf: { jkt: key.thumbprint } })`. */
  readonly thumbprint: string
  /** The `DPoP` header for one request at that time; `claims` take the place of what a good proof has. */
  proof(
    request: { readonly method: string; readonly url: string },
    token: string,
    now: number,
    claims?: JsonObject,
  ): Promise<string>
}

/** Makes a key for proofs. */
export async function createTestProofKey(): Promise<TestProofKey> {
  const { privateJwk, publicJwk } = await generateKeyPairAsync('ES256')
  const signer = pooledSignerOf(await loadSignKey(privateJwk))
  const { kty, crv, x, y } = publicJwk
  const header = encoded({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })
  return {
    thumbprint: await jwkThumbprintAsync(publicJwk),
    async proof({ method, url }, token, now, claims = {}) {
      const { origin, pathname } = new URL(url)
      const ath = await sha256Base64url(bytes(token))
      const good = { jti: crypto.randomUUID(), htm: method, htu: `${origin}${pathname}`, iat: now, ath }
      const input = `${header}.${encoded({ ...good, ...claims })}`
      return `${input}.${encodeBase64url(await signer.sign(bytes(input)))}`
    },
  }
}

function encoded(value: object): string {
  return encodeBase64url(bytes(JSON.stringify(value)))
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
