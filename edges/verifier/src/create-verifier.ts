import {
  type AccessClaims,
  type Decision,
  decide,
  defineProfile,
  PolicyError,
  type Profile,
} from '@jotwarden/policy'
import { type KeySet, parseCompact, TokenError, type UnverifiedToken, verifyParsed } from '@jotwarden/token'
import { type AuthContext, authContext, type Freshen, provenContext } from './auth-context.ts'
import { presentedCredentials, type Scheme } from './credentials.ts'
import { VerifierError } from './errors.ts'
import { invalid } from './invalid-option.ts'
import { issuerKeys, readKeySet } from './issuer-keys.ts'
import { KeyCache, type KeyProvider } from './key-cache.ts'
import { IssuerMetadata } from './metadata.ts'
import { type Fetch, systemChance } from './platform.ts'
import { provePossession, refuseUnproven } from './prove-possession.ts'
import { type RequestParts, requestParts } from './request-parts.ts'
import type { RevocationFollower, RevocationStatus, VerifyOptions } from './revocation-source.ts'
import { type CheckedOptions, checkOptions, type VerifierOptions } from './verifier-options.ts'

/** Checks the access tokens of one issuer, for one API. */
export interface Verifier {
  /**
   * Verifies an access token. One that is bound to a key is refused: only `authenticate` can see its proof.
   * Throws `verifier/invalid-token`, `verifier/keys-unavailable`, `verifier/stale` or `verifier/closed`.
   */
  verify(token: string, options?: VerifyOptions): Promise<AuthContext>
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
  const profile = accessProfile(checked)
  const keys = keyProvider(checked, metadata)
  const follower = checked.revocation?.follow({ ...checked, metadata, closing: closing.signal }) ?? null
  const parts: Parts = {
    checked,
    profile,
    keys,
    follower,
    freshen: freshener(follower),
    closing: closing.signal,
  }
  const schemes: readonly Scheme[] = Object.freeze(schemesOf(checked))
  async function close(): Promise<void> {
    if (!closing.signal.aborted) closing.abort(closed())
    await follower?.ended()
  }

  return Object.freeze({
    verify: (token: string, call: VerifyOptions = {}) => verifyWith(parts, token, call),
    authenticate: (request: Request | RequestParts, call: VerifyOptions = {}) =>
      authenticateWith(parts, requestParts(request), schemes, call),
    ready: () => readyWith(parts),
    revocation: follower?.status() ?? null,
    challenges: Object.freeze({ schemes, algs: Object.freeze([...(checked.dpop?.algs ?? [])]) }),
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
  readonly follower: RevocationFollower | null
  readonly closing: AbortSignal
}

async function verifyWith(parts: Parts, token: string, call: VerifyOptions): Promise<AuthContext> {
  const context = await acceptedToken(parts, token, call)
  refuseUnproven(context.claims.cnf, parts.checked)
  return context
}

async function authenticateWith(
  parts: Parts,
  request: RequestParts,
  schemes: readonly Scheme[],
  call: VerifyOptions,
): Promise<AuthContext> {
  const presented = presentedCredentials(request, schemes)
  const context = await acceptedToken(parts, presented.token, call)
  const { cnf } = context.claims
  const proven = await provePossession(request, presented, cnf, parts.checked, parts.checked.clock.now())
  refuseWhenClosed(parts.closing)
  return cnf === undefined ? context : provenContext(context, proven)
}

/** Of a token as such: whether whoever sent it may have it is still to be shown. */
async function acceptedToken(
  { checked, profile, keys, freshen, follower, closing }: Parts,
  token: string,
  call: VerifyOptions,
): Promise<AuthContext> {
  refuseWhenClosed(closing)
  try {
    const unverified = parse(token, checked.algorithms)
    follower?.start()
    const source = await keys.keysFor(unverified.header.kid)
    const { header, key, ...verified } = accepted(() => verifyParsed(unverified, source))
    const claims = allowed(decide({ header, key, ...verified }, profile, checked.clock.now()))
    if (follower?.isSettled === false) await follower.firstSync()
    follower?.enforce(claims, key.kid, call)
    refuseWhenClosed(closing)
    return authContext({ tokenKind: 'jwt', token, header: Object.freeze(header), claims, freshen })
  } catch (cause) {
    throw closing.aborted ? closing.reason : cause
  }
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
