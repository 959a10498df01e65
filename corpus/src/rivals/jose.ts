import {
  compactDecrypt,
  createLocalJWKSet,
  errors,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
} from 'jose'
import type { CaseKeys, HostileCase } from '../hostile-case.ts'
import { jwksOf } from '../run/key-set-of.ts'
import { sharedSecret } from './keys.ts'
import { LONGEST_AGE, REQUIRED, type Rival } from './rival.ts'

export const jose: Rival = {
  name: 'jose',
  can: {
    typ: true,
    requiredClaims: true,
    future: true,
    secrets: true,
    jwks: true,
    jwe: true,
    algorithms: ['ES256', 'RS256', 'Ed25519', 'EdDSA', 'HS256', 'ML-DSA-44'],
  },
  refuses: (error) => error instanceof errors.JOSEError,
  prepare: (one, keys) => (one.expect.decrypt === undefined ? verifying(one, keys) : decrypting(one, keys)),
}

function verifying(one: HostileCase, keys: CaseKeys): (token: string) => Promise<unknown> {
  const { issuer, audience, algorithms, skew } = one.policy
  const options = {
    issuer,
    audience,
    algorithms: [...algorithms],
    clockTolerance: skew,
    typ: 'at+jwt',
    requiredClaims: [...REQUIRED],
    maxTokenAge: LONGEST_AGE,
  }
  const dated = (): object => ({ ...options, currentDate: new Date(Date.now()) })
  const secret = sharedSecret(one, keys)
  if (secret !== undefined) return (token) => jwtVerify(token, secret, dated())
  const set = createLocalJWKSet({ keys: jwksOf(one, keys) } as unknown as JSONWebKeySet)
  return (token) => jwtVerify(token, set, dated())
}

function decrypting(one: HostileCase, keys: CaseKeys): (token: string) => Promise<unknown> {
  const { jwk = {}, private: secret = {}, encs = [] } = keys[one.keys[0] ?? ''] ?? {}
  const alg = String(jwk.alg)
  return async (token) =>
    compactDecrypt(token, await importJWK(secret as unknown as JWK, alg), {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: [...encs],
    })
}
