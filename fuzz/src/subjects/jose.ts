import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import { AUDIENCE, ISSUER, LONGEST_LIFETIME, NOW, SKEW } from '../draft.ts'
import type { FuzzKey } from '../keys.ts'
import { ACCEPT, type Subject } from './subject.ts'

/** jose with every option that comes near to what we demand of an access token. */
export function jose({ alg, signing, jwk }: FuzzKey): Subject {
  const options = {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: [alg],
    typ: 'at+jwt',
    clockTolerance: SKEW,
    currentDate: new Date(NOW * 1000),
    maxTokenAge: LONGEST_LIFETIME,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'],
  }
  const set = createLocalJWKSet({ keys: [jwk] } as unknown as JSONWebKeySet)
  return async (token) => {
    try {
      await (alg === 'HS256' ? jwtVerify(token, signing, options) : jwtVerify(token, set, options))
      return ACCEPT
    } catch (error) {
      if (error instanceof errors.JOSEError) return error.code
      return error instanceof Error ? error.name : 'thrown'
    }
  }
}
