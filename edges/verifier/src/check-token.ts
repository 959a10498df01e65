import { type AccessClaims, type Decision, decide, type Profile } from '@jotwarden/policy'
import {
  checkSignatureForm,
  type KeySource,
  parseCompact,
  type UnverifiedToken,
  type VerifiedToken,
} from '@jotwarden/token'
import { type AuthContext, authContext, type Freshen } from './auth-context.ts'
import type { KeyProvider } from './key-cache.ts'
import { refusedToken } from './refused-token.ts'
import type { RevocationFollower, VerifyOptions } from './revocation-source.ts'
import type { TokenCache } from './token-cache.ts'
import type { EventLog } from './verifier-event.ts'
import type { CheckedOptions } from './verifier-options.ts'

/** What the steps of a check need. */
export interface CheckParts {
  readonly checked: CheckedOptions
  readonly profile: Profile<'access'>
  readonly keys: KeyProvider
  readonly follower: RevocationFollower | null
  readonly freshen: Freshen
  readonly cache: TokenCache | undefined
  readonly events: EventLog
}

/**
 * The steps from a token to its context, in the order of RFC 7519 §7.2, with the signature between them; what waits is
 * the caller's, and so is that what a token did wrong becomes an error of this package (`EventLog.refused`).
 */

/**
 * The token's form and header. The allow-list is asked before any key is looked up: a token of another algorithm costs
 * no fetch. Throws `verifier/invalid-token` or TokenError.
 */
export function parsedToken(token: string, algorithms: readonly string[]): UnverifiedToken {
  const unverified = parseCompact(token)
  if (!algorithms.includes(unverified.header.alg))
    throw refusedToken('token/alg', 'its algorithm is not accepted')
  return unverified
}

/** Keys that have to be waited for, if the token is of a form that is worth it. Throws TokenError. */
export function awaitedKeys(unverified: UnverifiedToken, keys: KeyProvider): KeySource | Promise<KeySource> {
  checkSignatureForm(unverified)
  return keys.keysFor(unverified.header.kid)
}

/** What the claims have to say, and what was taken back. Throws `verifier/invalid-token` or `verifier/stale`. */
export function allowedContext(
  { checked, profile, follower, freshen, cache }: CheckParts,
  token: string,
  verified: VerifiedToken,
  keys: KeySource,
  call: VerifyOptions,
): AuthContext {
  const claims = allowed(decide(verified, profile, checked.clock.now()))
  const { kid } = verified.key
  follower?.enforce(claims, kid, call)
  const context = authContext({
    tokenKind: 'jwt',
    token,
    header: verified.header,
    claims,
    vouched: verified.claims,
    freshen,
  })
  cache?.keep(token, context, kid, keys)
  return context
}

/** Throws `verifier/invalid-token`. */
export function allowed(decision: Decision<AccessClaims>): AccessClaims {
  if (decision.allow) return decision.claims
  throw refusedToken(decision.reason, `policy says ${decision.reason}`)
}
