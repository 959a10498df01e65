import { createPublicKey } from 'node:crypto'
import { type Algorithm, createVerifier } from 'fast-jwt'
import { AUDIENCE, ISSUER, LONGEST_LIFETIME, NOW, SKEW } from '../draft.ts'
import type { FuzzAlgorithm, FuzzKey } from '../keys.ts'
import { ACCEPT, type Subject } from './subject.ts'

/** fast-jwt with every option that comes near to what we demand of an access token; it has one key and no key ids. */
export function fastJwt({ alg, signing }: FuzzKey): Subject {
  const verify = createVerifier({
    key:
      alg === 'HS256'
        ? signing.export()
        : createPublicKey(signing).export({ type: 'spki', format: 'pem' }).toString(),
    algorithms: [NAMES[alg]],
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
    checkTyp: 'at+jwt',
    clockTimestamp: NOW * 1000,
    clockTolerance: SKEW * 1000,
    maxAge: LONGEST_LIFETIME * 1000,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'],
    cache: false,
  })
  return (token) => {
    try {
      verify(token)
      return ACCEPT
    } catch (error) {
      if (!(error instanceof Error)) return 'thrown'
      return 'code' in error && typeof error.code === 'string' ? error.code : error.name
    }
  }
}

/** It knows Ed25519 under its older name alone. */
const NAMES: Readonly<Record<FuzzAlgorithm, Algorithm>> = {
  HS256: 'HS256',
  RS256: 'RS256',
  PS256: 'PS256',
  ES256: 'ES256',
  Ed25519: 'EdDSA',
}
