import {
  type AccessClaims,
  type Decision,
  decide,
  defineProfile,
  PolicyError,
  type Profile,
} from '@jotwarden/policy'
import { type KeySet, parseCompact, TokenError, type UnverifiedToken, verifyParsed } from '@jotwarden/token'
import { type AuthContext, authContext, type Freshen } from './auth-context.ts'
import { bearerToken } from './bearer.ts'
import { VerifierError } from './errors.ts'
import { invalid } from './invalid-option.ts'
import { issuerKeys, readKeySet } from './issuer-keys.ts'
import { KeyCache, type KeyProvider } from './key-cache.ts'
import { IssuerMetadata } from './metadata.ts'
import { type Fetch, systemChance } from './platform.ts'
import { enforce, refuseWhenStale, type VerifyOptions } from './revocation/enforce.ts'
import { freshener } from './revocation/freshen.ts'
import { RevocationFeed, type RevocationStatus } from './revocation/revocation-feed.ts'
import { type CheckedOptions, checkOptions, type VerifierOptions } from './verifier-options.ts'

/** Checks the access tokens of one issuer, for one API. */
export interface Verifier {
  /**
   * Verifies an access token.
   * Throws `verifier/invalid-token`, `verifier/keys-unavailable`, `verifier/stale` or `verifier/closed`.
   */
  verify(token: string, options?: VerifyOptions): Promise<AuthContext>
  /**
   * Verifies the bearer token of a request (RFC 6750 §2.1).
   * Throws what `verify` throws, and `verifier/no-credentials`, `verifier/unsupported-scheme`,
   * `verifier/invalid-request`.
   */
  authenticate(request: Request, options?: VerifyOptions): Promise<AuthContext>
  /**
   * Has the keys and the revocations at hand before the first token comes.
   * Throws `verifier/keys-unavailable`, `verifier/stale` or `verifier/closed`.
   */
  ready(): Promise<void>
  /** How it stands with the knowledge of revocations; null when the option `revocation` is. */
  readonly revocation: RevocationStatus | null
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
  const metadata = new IssuerMetadata(checked)
  const parts: Parts = {
    checked,
    profile: accessProfile(checked),
    keys: keyProvider(checked, metadata),
    freshen: freshener({ ...checked, metadata }),
    feed: revocationFeed(checked, metadata, closing.signal),
    closing: closing.signal,
  }
  const verify = (token: string, call: VerifyOptions = {}): Promise<AuthContext> =>
    verifyWith(parts, token, call)
  async function close(): Promise<void> {
    if (!closing.signal.aborted) closing.abort(closed())
    await parts.feed?.ended()
  }

  return Object.freeze({
    verify,
    authenticate: async (request: Request, call?: VerifyOptions) => verify(bearerToken(request), call),
    ready: () => readyWith(parts),
    revocation: parts.feed?.status() ?? null,
    close,
    [Symbol.asyncDispose]: close,
  })
}

/** What a verifier consists of. */
interface Parts {
  readonly checked: CheckedOptions
  readonly profile: Profile<'access'>
  readonly keys: KeyProvider
  readonly freshen: Freshen
  readonly feed: RevocationFeed | null
  readonly closing: AbortSignal
}

async function verifyWith(
  { checked, profile, keys, freshen, feed, closing }: Parts,
  token: string,
  call: VerifyOptions,
): Promise<AuthContext> {
  refuseWhenClosed(closing)
  try {
    const unverified = parse(token, checked.algorithms)
    feed?.start()
    const source = await keys.keysFor(unverified.header.kid)
    const verified = accepted(() => verifyParsed(unverified, source))
    const claims = allowed(decide(verified, profile, checked.clock.now()))
    // No proof of possession is checked here, and a bound token without its proof is a stolen one (RFC 9449 §7.1)
    if (claims.cnf !== undefined)
      throw refused('it is bound to a key whose proof this verifier cannot check', 'sender-constrained')
    if (feed?.isSettled === false) await feed.firstSync()
    if (feed !== null) enforce(feed, claims, verified.key.kid, call)
    refuseWhenClosed(closing)
    return authContext(token, verified.header, claims, freshen)
  } catch (cause) {
    throw closing.aborted ? closing.reason : cause
  }
}

async function readyWith({ keys, feed, closing }: Parts): Promise<void> {
  refuseWhenClosed(closing)
  feed?.start()
  try {
    await keys.keysFor(undefined)
    await feed?.firstSync()
    refuseWhenClosed(closing)
    if (feed !== null) refuseWhenStale(feed)
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

function revocationFeed(
  { revocation, ...options }: CheckedOptions,
  metadata: IssuerMetadata,
  closing: AbortSignal,
): RevocationFeed | null {
  return revocation === null ? null : new RevocationFeed({ ...options, revocation, metadata, closing })
}

// The allow-list is asked before any key is looked up: a token of another algorithm costs no fetch
function parse(token: string, algorithms: readonly string[]): UnverifiedToken {
  const unverified = accepted(() => parseCompact(token))
  if (!algorithms.includes(unverified.header.alg)) throw refused('its algorithm is not accepted', 'token/alg')
  return unverified
}

function accepted<T>(step: () => T): T {
  try {
    return step()
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw new VerifierError('verifier/invalid-token', cause.message, { reason: cause.code, cause })
  }
}

function allowed(decision: Decision<AccessClaims>): AccessClaims {
  if (decision.allow) return decision.claims
  throw refused(`policy says ${decision.reason}`, decision.reason)
}

function refused(state: string, reason: NonNullable<VerifierError['reason']>): VerifierError {
  return new VerifierError('verifier/invalid-token', `Cannot accept the token: ${state}`, { reason })
}

function accessProfile({ issuer, audience, times }: CheckedOptions): Profile<'access'> {
  try {
    return defineProfile({ kind: 'access', issuer, audience, ...times })
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    throw new VerifierError('verifier/options', cause.message, { cause })
  }
}

function keyProvider(options: CheckedOptions, metadata: IssuerMetadata): KeyProvider {
  const preloaded = options.jwks === undefined ? undefined : keySet(options.jwks)
  const { clock, longestStale, jwksUri, ...rest } = options
  if (jwksUri === null && preloaded !== undefined) return { keysFor: () => preloaded }
  const load = issuerKeys({ ...rest, metadata, ...(typeof jwksUri === 'string' ? { jwksUri } : {}) })
  return new KeyCache({ load, clock, chance: systemChance, longestStale, ...(preloaded && { preloaded }) })
}

function keySet(jwks: unknown): KeySet {
  try {
    return readKeySet(jwks)
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw invalid('jwks', `is no usable key set (${cause.code})`, 'pass the JSON that the issuer publishes')
  }
}
