import { accessKind, decide, defineProfile } from '@jotwarden/policy'
import { importSecretKey, isJwsAlgorithm, KeySet, type KeySource, Secret, verify } from '@jotwarden/token'
import { createVerifier, type Verifier } from '@jotwarden/verifier'
import { tokenCache } from '@jotwarden/verifier/cache'
import { jwksOf, type KeyPair } from './algorithms.ts'
import type { Contender, Verification } from './contender.ts'
import { AUDIENCE, ISSUER } from './token-pool.ts'

/** The ways into this repository: the verifier as an API uses it, and the two core packages under it. */
export const ours: readonly Contender[] = [
  { name: 'jotwarden', make: (pair) => awaited(verifierOf(pair)) },
  { name: 'jotwarden-sync', make: (pair) => atOnce(verifierOf(pair)) },
  { name: 'token+policy', make: tokenAndPolicy },
]

/** The same with the cache of accepted tokens. */
export const oursWithCache: readonly Contender[] = [
  { name: 'jotwarden', make: (pair) => awaited(verifierOf(pair, { cache: tokenCache() })) },
  { name: 'jotwarden-sync', make: (pair) => atOnce(verifierOf(pair, { cache: tokenCache() })) },
]

/** Undefined for the algorithms that a verifier does not take. */
export function verifierOf(
  pair: KeyPair,
  more: Pick<Parameters<typeof createVerifier>[0], 'cache'> = {},
): Verifier | undefined {
  // A verifier shares no secret with its issuer
  if (pair.alg === 'HS256' || !isJwsAlgorithm(pair.alg)) return undefined
  return createVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    revocation: null,
    jwksUri: null,
    jwks: jwksOf(pair),
    algorithms: [pair.alg],
    ...more,
  })
}

function awaited(verifier: Verifier | undefined): Verification | undefined {
  return verifier && { async: (token) => verifier.verify(token) }
}

function atOnce(verifier: Verifier | undefined): Verification | undefined {
  return verifier && { sync: (token) => verifier.verifySync(token) }
}

function tokenAndPolicy(pair: KeyPair): Verification | undefined {
  if (!isJwsAlgorithm(pair.alg)) return undefined
  const keys = keysOf(pair)
  const profile = defineProfile({ kind: accessKind, issuer: ISSUER, audience: AUDIENCE })
  return {
    sync: (token) => {
      const decision = decide(verify(token, keys), profile, Date.now() / 1000)
      return decision.allow ? decision.claims : undefined
    },
  }
}

function keysOf(pair: KeyPair): KeySource | ReturnType<typeof importSecretKey>['verify'] {
  if (pair.alg !== 'HS256') return KeySet.fromJwks(jwksOf(pair))
  const secret = Secret.fromBytes(pair.publicKey.export())
  return importSecretKey(secret, { alg: 'HS256', kid: pair.kid }).verify
}
