import { type AccessClaims, type Decision, decide, type Profile } from '@jotwarden/policy'
import {
  checkSignatureForm,
  type KeySource,
  parseCompact,
  TokenError,
  type UnverifiedToken,
  type VerifiedToken,
  verifyParsed,
  verifyParsedAsync,
} from '@jotwarden/token'
import { type AuthContext, authContext, type Freshen } from './auth-context.ts'
import { VerifierError } from './errors.ts'
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

/** The steps from a token to its context, in the order of RFC 7519 §7.2; what waits in between is the caller's. */

/**
 * The token's form and header. The allow-list is asked before any key is looked up: a token of another algorithm costs
 * no fetch. Throws `verifier/invalid-token`.
 */
export function parsedToken(token: string, algorithms: readonly string[]): UnverifiedToken {
  const unverified = compactToken(token)
  if (!algorithms.includes(unverified.header.alg))
    throw refusedToken('token/alg', 'its algorithm is not accepted')
  return unverified
}

function compactToken(token: string): UnverifiedToken {
  try {
    return parseCompact(token)
  } catch (cause) {
    throw asRefusal(cause)
  }
}

/** Keys that have to be waited for, if the token is of a form that is worth it. Throws `verifier/invalid-token`. */
export function awaitedKeys(unverified: UnverifiedToken, keys: KeyProvider): KeySource | Promise<KeySource> {
  try {
    checkSignatureForm(unverified)
  } catch (cause) {
    throw asRefusal(cause)
  }
  return keys.keysFor(unverified.header.kid)
}

/** The token's signature, at once. Throws `verifier/invalid-token`, and `token/platform` where nothing is at once. */
export function verifiedNow(unverified: UnverifiedToken, keys: KeySource): VerifiedToken {
  try {
    return verifyParsed(unverified, keys)
  } catch (cause) {
    throw asRefusal(cause)
  }
}

/** The same beside other work, on the thread pool where there is one. */
export async function verifiedBeside(unverified: UnverifiedToken, keys: KeySource): Promise<VerifiedToken> {
  try {
    return await verifyParsedAsync(unverified, keys)
  } catch (cause) {
    throw asRefusal(cause)
  }
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

/** What a token did wrong, as an error of this package; anything else stays what it is. */
export function asRefusal(cause: unknown): unknown {
  if (!(cause instanceof TokenError)) return cause
  return new VerifierError('verifier/invalid-token', cause.message, { reason: cause.code, cause })
}

/** Throws `verifier/invalid-token`. */
export function allowed(decision: Decision<AccessClaims>): AccessClaims {
  if (decision.allow) return decision.claims
  throw refusedToken(decision.reason, `policy says ${decision.reason}`)
}
