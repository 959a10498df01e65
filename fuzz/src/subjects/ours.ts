import { accessKind, decide, defineProfile, PolicyError } from '@jotwarden/policy'
import { importSecretKey, KeySet, Secret, TokenError, verify } from '@jotwarden/token'
import { createVerifier, VerifierError } from '@jotwarden/verifier'
import { AUDIENCE, ISSUER, NOW, SKEW } from '../draft.ts'
import type { FuzzKey } from '../keys.ts'
import { ACCEPT, type Subject, type Verdict } from './subject.ts'

/** The two core packages. */
export function tokenAndPolicy({ alg, kid, jwk }: FuzzKey): Subject {
  const keys =
    alg === 'HS256'
      ? importSecretKey(Secret.fromBytes(Buffer.from(String(jwk.k), 'base64url')), { alg, kid }).verify
      : KeySet.fromJwks({ keys: [jwk] })
  const profile = defineProfile({
    kind: accessKind,
    issuer: ISSUER,
    audience: AUDIENCE,
    declared: ['status'],
    skew: SKEW,
  })
  return (token) =>
    verdictOf(() => {
      const decision = decide(verify(token, keys), profile, NOW)
      return decision.allow ? ACCEPT : decision.reason
    })
}

/** The verifier with its keys at hand; undefined for shared secrets, which it does not take. */
export function verifier({ alg, jwk }: FuzzKey): Subject | undefined {
  if (alg === 'HS256') return undefined
  const made = createVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    revocation: null,
    jwksUri: null,
    jwks: { keys: [jwk] },
    skew: SKEW,
    clock: { now: () => NOW },
  })
  return (token) =>
    verdictOf(() => {
      made.verifySync(token)
      return ACCEPT
    })
}

/** Our own errors are refusals; any other is a fault that must come to light. */
function verdictOf(judge: () => Verdict): Verdict {
  try {
    return judge()
  } catch (error) {
    if (error instanceof VerifierError) return error.reason ?? error.code
    if (error instanceof TokenError || error instanceof PolicyError) return error.code
    throw error
  }
}
