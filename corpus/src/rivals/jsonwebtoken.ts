import jwt, { type Algorithm, type GetPublicKeyOrSecret } from 'jsonwebtoken'
import { jwksOf } from '../run/key-set-of.ts'
import { keyFor, NoSuchKey, sharedSecret } from './keys.ts'
import { LONGEST_AGE, type Rival } from './rival.ts'

export const jsonwebtoken: Rival = {
  name: 'jsonwebtoken',
  can: {
    typ: false,
    requiredClaims: false,
    future: false,
    secrets: true,
    jwks: false,
    jwe: false,
    algorithms: ['ES256', 'RS256', 'HS256'],
  },
  refuses: (error) => error instanceof jwt.JsonWebTokenError || error instanceof NoSuchKey,
  prepare(one, keys) {
    const { issuer, audience, algorithms, skew } = one.policy
    const jwks = jwksOf(one, keys)
    const secret = sharedSecret(one, keys)
    const key: GetPublicKeyOrSecret = (header, done) => {
      try {
        done(null, secret ?? keyFor(jwks, header))
      } catch (error) {
        done(error instanceof Error ? error : new Error('no key'))
      }
    }
    const options = {
      algorithms: algorithms.filter((alg) => this.can.algorithms.includes(alg)) as Algorithm[],
      issuer,
      audience,
      clockTolerance: skew,
      maxAge: LONGEST_AGE,
    }
    return (token) =>
      new Promise((resolve, reject) => {
        jwt.verify(token, key, options, (error, payload) => (error ? reject(error) : resolve(payload)))
      })
  },
}
