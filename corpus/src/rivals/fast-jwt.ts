import { type Algorithm, createVerifier, TokenError } from 'fast-jwt'
import { jwksOf } from '../run/key-set-of.ts'
import { keyFor, NoSuchKey, sharedSecret } from './keys.ts'
import { LONGEST_AGE, REQUIRED, type Rival } from './rival.ts'

/** Times are milliseconds. Its cache is on where a case is about caches, and off otherwise, as it is by default. */
export const fastJwt: Rival = {
  name: 'fast-jwt',
  can: {
    typ: true,
    requiredClaims: true,
    future: false,
    secrets: true,
    jwks: false,
    jwe: false,
    algorithms: ['ES256', 'RS256', 'EdDSA', 'HS256'],
  },
  refuses: (error) => error instanceof TokenError || error instanceof NoSuchKey,
  prepare(one, keys) {
    const { issuer, audience, algorithms, skew } = one.policy
    const jwks = jwksOf(one, keys)
    const secret = sharedSecret(one, keys)
    const verify = createVerifier({
      key: secret ?? (async ({ header }: { header: { kid?: string } }) => keyFor(jwks, header)),
      algorithms: algorithms.map((alg) => (alg === 'Ed25519' ? 'EdDSA' : alg)) as Algorithm[],
      allowedIss: issuer,
      allowedAud: audience,
      clockTolerance: skew * 1000,
      checkTyp: 'at+jwt',
      requiredClaims: [...REQUIRED],
      maxAge: LONGEST_AGE * 1000,
      cache: one.next !== undefined,
    } as Parameters<typeof createVerifier>[0])
    return (token) => verify(token)
  },
}
