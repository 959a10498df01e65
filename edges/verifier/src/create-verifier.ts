import { defineProfile, PolicyError, type Profile } from '@jotwarden/policy'
import { TokenError } from '@jotwarden/token'
import { type AuthContext, type Freshen, provenContext } from './auth-context.ts'
import {
  allowedContext,
  type CheckParts,
  parsedToken,
  rememberedContext,
  verifiedToken,
} from './check-token.ts'
import { presentedCredentials, type Scheme } from './credentials.ts'
import { VerifierError } from './errors.ts'
import { invalid } from './invalid-option.ts'
import { issuerKeys, readKeySet } from './issuer-keys.ts'
import { KeyCache, type KeyProvider, type LoadedKeys } from './key-cache.ts'
import { IssuerMetadata } from './metadata.ts'
import { type Fetch, systemChance } from './platform.ts'
import { provePossession, refuseUnproven } from './prove-possession.ts'
import { type RequestParts, requestParts } from './request-parts.ts'
import type { RevocationFollower, RevocationStatus, VerifyOptions } from './revocation-source.ts'
import { accepted, EventLog, type VerifierCounters } from './verifier-event.ts'
import { type CheckedOptions, checkOptions, type VerifierOptions } from './verifier-options.ts'

/** Checks the access tokens of one issuer, for one API. */
export interface Verifier {
  /**
   * Verifies an access token. One that is bound to a key is refused: only `authenticate` can see its proof.
   * Throws `verifier/invalid-token`, `verifier/keys-unavailable`, `verifier/stale` or `verifier/closed`.
   */
  verify(token: string, options?: VerifyOptions): Promise<AuthContext>
  /**
   * The same at once, where the keys are at hand: after `ready()`, and again after each refresh in the background.
   * Throws what `verify` throws; `verifier/keys-unavailable` with the reason `not-at-hand` where it would have to wait,
   * and then fetches what was missing. Not on platforms whose cryptography is asynchronous (`token/platform`).
   */
  verifySync(token: string, options?: VerifyOptions): AuthContext
  /**
   * Verifies the access token of a request, and the proof of possession that goes with it (RFC 6750 §2.1, RFC 9449 §7).
   * Throws what `verify` throws, and `verifier/no-credentials`, `verifier/unsupported-scheme`,
   * `verifier/invalid-request`, `verifier/invalid-dpop-proof`, `verifier/use-dpop-nonce`.
   */
  authenticate(request: Request | RequestParts, options?: VerifyOptions): Promise<AuthContext>
  /**
   * Has the keys and the revocations at hand before the first token comes.
   * Throws `verifier/keys-unavailable`, `verifier/stale` or `verifier/closed`.
   */
  ready(): Promise<void>
  /** How it stands with the knowledge of revocations; null when the option `revocation` is. */
  readonly revocation: RevocationStatus | null
  /** What a challenge has to say of this verifier. */
  readonly challenges: {
    readonly schemes: readonly Scheme[]
    /** Algorithms of DPoP proofs (RFC 9449 §7.1). */
    readonly algs: readonly string[]
  }
  /** How often each kind of event has happened. */
  counters(): VerifierCounters
  /**
   * The issuer's key set as it was fetched last, or undefined: kept and passed as the option `jwks`, it spares a cold
   * start its first wait.
   */
  keySet(): unknown
  /** Ends every connection. What is asked from then on, and what was under way, throws `verifier/closed`. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes a verifier; fetches nothing before the first token.
 * Throws `verifier/options` when an option is missing, unknown or weak.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const closing = new AbortController()
  const checked = endingWith(closing.signal, checkOptions(options))
  const parts = partsOf(checked, closing.signal)
  const { follower, keys, events } = parts
  const schemes: readonly Scheme[] = Object.freeze(schemesOf(checked))
  async function close(): Promise<void> {
    if (!closing.signal.aborted) closing.abort(closed())
    await follower?.ended()
  }

  return Object.freeze({
    verify: (token: string, call: VerifyOptions = {}) => verifyWith(parts, token, call),
    verifySync: (token: string, call: VerifyOptions = {}) => verifySyncWith(parts, token, call),
    authenticate: (request: Request | RequestParts, call: VerifyOptions = {}) =>
      authenticateWith(parts, request, schemes, call),
    ready: () => readyWith(parts),
    revocation: follower?.status() ?? null,
    challenges: Object.freeze({ schemes, algs: Object.freeze([...(checked.dpop?.algs ?? [])]) }),
    counters: () => events.counters(),
    keySet: () => keys.document(),
    close,
    [Symbol.asyncDispose]: close,
  })
}

/** What a verifier consists of. */
interface Parts extends CheckParts {
  readonly closing: AbortSignal
}

function partsOf(checked: CheckedOptions, closing: AbortSignal): Parts {
  const metadata = new IssuerMetadata(checked)
  const events = new EventLog(checked.onEvent)
  const follower = checked.revocation?.follow({ ...checked, metadata, closing }) ?? null
  return {
    checked,
    profile: accessProfile(checked),
    keys: keyProvider(checked, metadata, events),
    follower,
    freshen: freshener(follower),
    cache: checked.cache?.create(),
    events,
    closing,
  }
}

async function verifyWith(parts: Parts, token: string, call: VerifyOptions): Promise<AuthContext> {
  try {
    const context = await acceptedToken(parts, token, call)
    refuseUnproven(context.claims.cnf, parts.checked)
    parts.events.tell(accepted)
    return context
  } catch (cause) {
    throw parts.events.refused(cause)
  }
}

function verifySyncWith(parts: Parts, token: string, call: VerifyOptions): AuthContext {
  try {
    const context = acceptedNow(parts, token, call)
    refuseUnproven(context.claims.cnf, parts.checked)
    parts.events.tell(accepted)
    return context
  } catch (cause) {
    throw parts.events.refused(cause)
  }
}

async function authenticateWith(
  parts: Parts,
  request: Request | RequestParts,
  schemes: readonly Scheme[],
  call: VerifyOptions,
): Promise<AuthContext> {
  const { checked, closing, events } = parts
  try {
    const sent = requestParts(request)
    const presented = presentedCredentials(sent, schemes)
    const context = await acceptedToken(parts, presented.token, call)
    const { cnf } = context.claims
    const proven = await provePossession(sent, presented, cnf, checked, checked.clock.now())
    refuseWhenClosed(closing)
    events.tell(accepted)
    return cnf === undefined ? context : provenContext(context, proven)
  } catch (cause) {
    throw events.refused(cause)
  }
}

/** Of a token as such: whether whoever sent it may have it is still to be shown. */
async function acceptedToken(parts: Parts, token: string, call: VerifyOptions): Promise<AuthContext> {
  const { checked, keys, follower, closing } = parts
  refuseWhenClosed(closing)
  try {
    const remembered = rememberedContext(parts, token, call)
    if (remembered !== undefined) return remembered
    const unverified = parsedToken(token, checked.algorithms)
    follower?.start()
    const found = keys.keysFor(unverified.header.kid)
    const source = found instanceof Promise ? await found : found
    const verified = verifiedToken(unverified, source)
    if (follower?.isSettled === false) await follower.firstSync()
    refuseWhenClosed(closing)
    return allowedContext(parts, token, verified, source, call)
  } catch (cause) {
    throw closing.aborted ? closing.reason : cause
  }
}

function acceptedNow(parts: Parts, token: string, call: VerifyOptions): AuthContext {
  const { checked, keys, follower, closing } = parts
  refuseWhenClosed(closing)
  const remembered = rememberedContext(parts, token, call)
  if (remembered !== undefined) return remembered
  const unverified = parsedToken(token, checked.algorithms)
  follower?.start()
  const { kid } = unverified.header
  const source = keys.atHand(kid)
  if (source === undefined) {
    void Promise.resolve(keys.keysFor(kid)).catch(() => undefined)
    throw new VerifierError(
      'verifier/keys-unavailable',
      'Cannot verify at once: the keys are not at hand; await ready() first',
      { reason: 'not-at-hand', retryAfter: 1 },
    )
  }
  return allowedContext(parts, token, verifiedToken(unverified, source), source, call)
}

function schemesOf({ dpop, mtls }: CheckedOptions): Scheme[] {
  if (dpop === undefined) return ['Bearer']
  return dpop.required && mtls === undefined ? ['DPoP'] : ['DPoP', 'Bearer']
}

/** What stands behind `AuthContext.requireFresh`. */
function freshener(follower: RevocationFollower | null): Freshen {
  if (follower !== null) return (token, claims) => follower.freshen(token, claims)
  return async () => {
    throw new VerifierError(
      'verifier/options',
      'Cannot ask the issuer of the token: the verifier has no credential; pass followRevocations as its option revocation',
    )
  }
}

async function readyWith({ keys, follower, closing }: Parts): Promise<void> {
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

function closed(): VerifierError {
  return new VerifierError('verifier/closed', 'Cannot verify anything: the verifier was closed')
}

function refuseWhenClosed(closing: AbortSignal): void {
  if (closing.aborted) throw closing.reason
}

/** The same options, under which whatever is fetched ends with the verifier. */
function endingWith(closing: AbortSignal, options: CheckedOptions): CheckedOptions {
  const fetch: Fetch = (url, init) => {
    const signals = init.signal ? [init.signal, closing] : [closing]
    return options.fetch(url, { ...init, signal: AbortSignal.any(signals) })
  }
  return { ...options, fetch }
}

function accessProfile({ issuer, audience, times }: CheckedOptions): Profile<'access'> {
  try {
    return defineProfile({ kind: 'access', issuer, audience, ...times })
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    throw new VerifierError('verifier/options', cause.message, { cause })
  }
}

function keyProvider(options: CheckedOptions, metadata: IssuerMetadata, events: EventLog): KeyProvider {
  const preloaded = options.jwks === undefined ? undefined : preloadedKeys(options)
  const { clock, longestStale, jwksUri, ...rest } = options
  if (jwksUri === null && preloaded !== undefined) return fixedKeys(preloaded)
  const load = issuerKeys({ ...rest, clock, metadata, ...(typeof jwksUri === 'string' ? { jwksUri } : {}) })
  const tell = events.tell.bind(events)
  return new KeyCache({
    load,
    clock,
    chance: systemChance,
    longestStale,
    tell,
    ...(preloaded && { preloaded }),
  })
}

type PreloadedKeys = Omit<LoadedKeys, 'maxAge'>

function fixedKeys({ keys, document }: PreloadedKeys): KeyProvider {
  return { keysFor: () => keys, atHand: () => keys, document: () => document }
}

function preloadedKeys({ jwks, ...options }: CheckedOptions): PreloadedKeys {
  try {
    return { keys: readKeySet(jwks, options), document: jwks }
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw invalid('jwks', `is no usable key set (${cause.code})`, 'pass the JSON that the issuer publishes')
  }
}
