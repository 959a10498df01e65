import {
  type KeySource,
  synchronous,
  type UnverifiedToken,
  verifyParsed,
  verifyParsedAsync,
} from '@jotwarden/token'
import { type AuthContext, provenContext } from './auth-context.ts'
import { allowedContext, awaitedKeys, type CheckParts, parsedToken } from './check-token.ts'
import { presentedCredentials, type Scheme } from './credentials.ts'
import { VerifierError } from './errors.ts'
import type { OpaqueTokenReader } from './opaque-tokens.ts'
import { provePossession, refuseUnproven } from './prove-possession.ts'
import { type RequestParts, requestParts } from './request-parts.ts'
import type { VerifyOptions } from './revocation-source.ts'
import { accepted } from './verifier-event.ts'

/** What a verifier consists of. */
export interface Parts extends CheckParts {
  /** Aborted, with the error to throw, when the verifier is closed. */
  readonly closing: AbortSignal
  readonly opaque: OpaqueTokenReader | undefined
}

/** Where signatures are checked: here and now, where the platform can, or beside other work. */
export type SignaturePlace = 'here' | 'beside'

/** A token without its request: one that is bound to a key is refused. */
export function verifyWith(
  parts: Parts,
  token: string,
  call: VerifyOptions,
  place: SignaturePlace = 'here',
): Promise<AuthContext> {
  try {
    const found = acceptedToken(parts, token, call, place)
    if (found instanceof Promise) return verifyLater(parts, found)
    return Promise.resolve(unbound(parts, found))
  } catch (cause) {
    return Promise.reject(parts.events.refused(cause))
  }
}

async function verifyLater(parts: Parts, pending: Promise<AuthContext>): Promise<AuthContext> {
  try {
    return unbound(parts, await pending)
  } catch (cause) {
    throw parts.events.refused(cause)
  }
}

/** The same at once, or `verifier/keys-unavailable`. */
export function verifySyncWith(parts: Parts, token: string, call: VerifyOptions): AuthContext {
  try {
    return unbound(parts, acceptedNow(parts, token, call))
  } catch (cause) {
    throw parts.events.refused(cause)
  }
}

function unbound({ checked, events }: Parts, context: AuthContext): AuthContext {
  refuseUnproven(context.claims.cnf, checked)
  events.tell(accepted)
  return context
}

/** The token of a request, with its proof of possession. */
export async function authenticateWith(
  parts: Parts,
  request: Request | RequestParts,
  schemes: readonly Scheme[],
  call: VerifyOptions,
): Promise<AuthContext> {
  const { checked, closing, events } = parts
  try {
    const sent = requestParts(request)
    const presented = presentedCredentials(sent, schemes)
    const context = await acceptedToken(parts, presented.token, call, 'here')
    const { cnf } = context.claims
    const proven = await provePossession(sent, presented, cnf, checked, checked.clock.now())
    refuseWhenClosed(closing)
    events.tell(accepted)
    return cnf === undefined ? context : provenContext(context, proven)
  } catch (cause) {
    throw events.refused(cause)
  }
}

/**
 * Of a token as such: whether whoever sent it may have it is still to be shown. At once where nothing has to be waited
 * for, since a promise costs as much as reading the token.
 */
function acceptedToken(
  parts: Parts,
  token: string,
  call: VerifyOptions,
  place: SignaturePlace,
): AuthContext | Promise<AuthContext> {
  const { checked, keys, follower, cache, opaque, closing } = parts
  refuseWhenClosed(closing)
  checkCall(call)
  const remembered = cache?.find(token, call)
  if (remembered !== undefined) return remembered
  if (opaque?.takes(token)) return unlessClosed(closing, opaque.accept(token, call))
  const unverified = parsedToken(token, checked.algorithms)
  follower?.start()
  const found = keys.atHand(unverified.header.kid) ?? awaitedKeys(unverified, keys)
  const waits = found instanceof Promise || follower?.isSettled === false
  if (waits || place === 'beside' || !synchronous)
    return unlessClosed(closing, acceptedLater(parts, token, unverified, found, call, place))
  return allowedContext(parts, token, verifyParsed(unverified, found), found, call)
}

async function acceptedLater(
  parts: Parts,
  token: string,
  unverified: UnverifiedToken,
  found: KeySource | Promise<KeySource>,
  call: VerifyOptions,
  place: SignaturePlace,
): Promise<AuthContext> {
  const { follower, closing } = parts
  const source = await found
  const isNow = place === 'here' && synchronous
  const verified = isNow ? verifyParsed(unverified, source) : await verifyParsedAsync(unverified, source)
  if (follower?.isSettled === false) await follower.firstSync()
  refuseWhenClosed(closing)
  return allowedContext(parts, token, verified, source, call)
}

/** What fails since the verifier was closed fails as that. */
async function unlessClosed(closing: AbortSignal, pending: Promise<AuthContext>): Promise<AuthContext> {
  try {
    const context = await pending
    refuseWhenClosed(closing)
    return context
  } catch (cause) {
    throw closing.aborted ? closing.reason : cause
  }
}

function acceptedNow(parts: Parts, token: string, call: VerifyOptions): AuthContext {
  const { checked, keys, follower, cache, closing } = parts
  refuseWhenClosed(closing)
  checkCall(call)
  const remembered = cache?.find(token, call)
  if (remembered !== undefined) return remembered
  const unverified = parsedToken(token, checked.algorithms)
  follower?.start()
  const { kid } = unverified.header
  const source = keys.atHand(kid)
  if (source === undefined) {
    void Promise.resolve(awaitedKeys(unverified, keys)).catch(() => undefined)
    throw new VerifierError(
      'verifier/keys-unavailable',
      'Cannot verify at once: the keys are not at hand; await ready() first',
      { reason: 'not-at-hand', retryAfter: 1 },
    )
  }
  return allowedContext(parts, token, verifyParsed(unverified, source), source, call)
}

/** Keys and revocations are at hand. */
export async function readyWith({ keys, follower, closing }: Parts): Promise<void> {
  refuseWhenClosed(closing)
  follower?.start()
  try {
    await keys.keysFor(undefined)
    await follower?.firstSync()
    refuseWhenClosed(closing)
    follower?.refuseWhenStale()
  } catch (cause) {
    throw closing.aborted ? closing.reason : cause
  }
}

/** What is demanded in a way that is not known must not be passed over. Throws `verifier/options`. */
function checkCall(call: VerifyOptions): void {
  const names = typeof call === 'object' && call !== null ? Object.keys(call) : ['that is no object']
  const unknown = names.find((name) => name !== 'whenStale')
  if (unknown !== undefined)
    throw new VerifierError(
      'verifier/options',
      `Cannot verify with the option ${unknown}: whenStale is the only one; scopes and the like are for auth.require or a guard`,
    )
  const { whenStale = 'refuse' } = call
  if (whenStale !== 'refuse' && whenStale !== 'allow')
    throw new VerifierError('verifier/options', "Cannot verify: whenStale is neither 'refuse' nor 'allow'")
}

function refuseWhenClosed(closing: AbortSignal): void {
  if (closing.aborted) throw closing.reason
}
