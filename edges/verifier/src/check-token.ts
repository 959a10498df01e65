import { type AccessClaims, type Decision, decide, type Profile, validityOf } from '@jotwarden/policy'
import {
  checkSignatureForm,
  type JsonObject,
  type KeySource,
  parseCompact,
  TokenError,
  type UnverifiedToken,
  type VerifiedToken,
  verifyParsed,
  verifyParsedAsync,
} from '@jotwarden/token'
import { introspectedClaims } from '@jotwarden/token/introspected-claims'
import { type AuthContext, authContext, type Freshen } from './auth-context.ts'
import { VerifierError, type VerifierReason } from './errors.ts'
import type { KeyProvider } from './key-cache.ts'
import type { RevocationFollower, VerifyOptions } from './revocation-source.ts'
import type { TokenCache } from './token-cache.ts'
import { cacheHit, type EventLog } from './verifier-event.ts'
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

/** A token that passed before, if nothing that can change has changed. Throws what {@link allowedContext} throws. */
export function rememberedContext(
  { checked, keys, follower, cache, events }: CheckParts,
  token: string,
  call: VerifyOptions,
): AuthContext | undefined {
  const entry = cache?.find(token)
  if (entry === undefined || keys.atHand(entry.kid) !== entry.keys) return undefined
  const now = checked.clock.now()
  if (!(now >= entry.from && now < entry.until) || follower?.isSettled === false) return undefined
  follower?.enforce(entry.context.claims, entry.kid, call)
  events.tell(cacheHit)
  return entry.context
}

/**
 * The token's form and header. The allow-list is asked before any key is looked up: a token of another algorithm costs
 * no fetch. Throws `verifier/invalid-token`.
 */
export function parsedToken(token: string, algorithms: readonly string[]): UnverifiedToken {
  const unverified = compactToken(token)
  if (!algorithms.includes(unverified.header.alg)) throw refused('its algorithm is not accepted', 'token/alg')
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
  cache?.keep(token, { context, kid, keys, ...validityOf(claims, profile) })
  return context
}

/** What an issuer has answered of a token, held against the same profile. Throws `verifier/invalid-token`. */
export function introspectedAccess(
  { checked, profile }: Pick<CheckParts, 'checked' | 'profile'>,
  answer: JsonObject,
): AccessClaims {
  // An answer has no header: it is taken for what the profile expects
  const said = { typ: profile.typ[0] ?? undefined, claims: introspectedClaims(answer) }
  return allowed(decide(said, profile, checked.clock.now()))
}

/** What a token did wrong, as an error of this package; anything else stays what it is. */
export function asRefusal(cause: unknown): unknown {
  if (!(cause instanceof TokenError)) return cause
  return new VerifierError('verifier/invalid-token', cause.message, { reason: cause.code, cause })
}

function allowed(decision: Decision<AccessClaims>): AccessClaims {
  if (decision.allow) return decision.claims
  throw refused(`policy says ${decision.reason}`, decision.reason)
}

function refused(state: string, reason: VerifierReason): VerifierError {
  return new VerifierError('verifier/invalid-token', `Cannot accept the token: ${state}`, { reason })
}
