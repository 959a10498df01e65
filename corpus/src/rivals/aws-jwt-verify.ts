import { JwtVerifier } from 'aws-jwt-verify'
import { JwtBaseError } from 'aws-jwt-verify/error'
import { jwksOf } from '../run/key-set-of.ts'
import type { Rival } from './rival.ts'

/** It takes no list of algorithms: each key's `alg` is the one it accepts. */
export const awsJwtVerify: Rival = {
  name: 'aws-jwt-verify',
  can: {
    typ: false,
    requiredClaims: false,
    future: false,
    secrets: false,
    jwks: true,
    jwe: false,
    algorithms: ['ES256', 'RS256', 'EdDSA'],
  },
  refuses: (error) => error instanceof JwtBaseError,
  prepare(one, keys) {
    const { issuer, audience, skew } = one.policy
    const jwksUri = `${issuer}/jwks.json`
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri, graceSeconds: skew })
    verifier.cacheJwks({ keys: jwksOf(one, keys) } as unknown as Parameters<typeof verifier.cacheJwks>[0])
    return (token) => verifier.verifySync(token)
  },
}
