import { JwtVerifier } from 'aws-jwt-verify'
import { type Algorithm, createVerifier } from 'fast-jwt'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import jsonwebtoken, { type Algorithm as NamedAlgorithm, type Secret } from 'jsonwebtoken'
import type { BenchAlgorithm, KeyPair } from './algorithms.ts'
import { jwksOf } from './algorithms.ts'
import type { Contender, Verification } from './contender.ts'
import { AUDIENCE, ISSUER } from './token-pool.ts'

/** Each as its documentation recommends for one issuer and one audience, with its keys at hand and caches off. */
export const rivals: readonly Contender[] = [
  { name: 'fast-jwt', make: (pair) => fastJwt(pair, false) },
  { name: 'jose', make: jose },
  { name: 'aws-jwt-verify', make: awsJwtVerify },
  { name: 'jsonwebtoken', make: nodeJsonwebtoken },
]

/** fast-jwt takes a secret or a PEM; `cache` is its own default cache of 1000 tokens. */
export function fastJwt(pair: KeyPair, cache: boolean): Verification | undefined {
  const spelling = fastJwtNames[pair.alg]
  if (spelling === undefined) return undefined
  const verify = createVerifier({
    key: pair.alg === 'HS256' ? pair.publicKey.export() : pemOf(pair),
    algorithms: [spelling],
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
    cache,
  })
  return { sync: (token) => verify(token), ...(spelling === pair.alg ? {} : { spelling }) }
}

/** jose takes a key set, and for a shared secret what it would make of its bytes at each call. */
function jose(pair: KeyPair): Verification | undefined {
  const options = {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: [pair.alg],
  }
  if (pair.alg === 'HS256') {
    const key = pair.publicKey.toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
    return { async: async (token) => (await jwtVerify(token, key, options)).payload }
  }
  const keys = createLocalJWKSet(jwksOf(pair) as unknown as JSONWebKeySet)
  return { async: async (token) => (await jwtVerify(token, keys, options)).payload }
}

function awsJwtVerify(pair: KeyPair): Verification | undefined {
  const spelling = awsNames[pair.alg]
  if (spelling === undefined) return undefined
  const verifier = JwtVerifier.create({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUri: `${ISSUER}/jwks.json`,
  })
  verifier.cacheJwks(jwksOf(pair, spelling) as unknown as Parameters<typeof verifier.cacheJwks>[0])
  return { sync: (token) => verifier.verifySync(token), ...(spelling === pair.alg ? {} : { spelling }) }
}

function nodeJsonwebtoken(pair: KeyPair): Verification | undefined {
  const alg = pair.alg
  if (!isNamed(alg)) return undefined
  const key = pair.publicKey as Secret
  return {
    sync: (token) =>
      jsonwebtoken.verify(token, key, { algorithms: [alg], issuer: ISSUER, audience: AUDIENCE }),
  }
}

function isNamed(alg: BenchAlgorithm): alg is BenchAlgorithm & NamedAlgorithm {
  return jsonwebtokenNames.has(alg)
}

function pemOf(pair: KeyPair): string {
  return pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

const fastJwtNames: Partial<Readonly<Record<BenchAlgorithm, Algorithm>>> = {
  HS256: 'HS256',
  RS256: 'RS256',
  ES256: 'ES256',
  PS256: 'PS256',
  Ed25519: 'EdDSA',
}
const awsNames: Partial<Readonly<Record<BenchAlgorithm, string>>> = {
  RS256: 'RS256',
  ES256: 'ES256',
  Ed25519: 'EdDSA',
}
const jsonwebtokenNames: ReadonlySet<BenchAlgorithm> = new Set(['HS256', 'RS256', 'ES256', 'PS256'])
