import type { AccessClaims, TypedClaims } from '@jotwarden/policy'
import { authenticateWith, type Parts, readyWith, verifySyncWith, verifyWith } from './accept-token.ts'
import type { AuthContext } from './auth-context.ts'
import type { Scheme } from './credentials.ts'
import { VerifierError } from './errors.ts'
import { keyProvider } from './key-provider.ts'
import { IssuerMetadata } from './metadata.ts'
import type { Fetch } from './platform.ts'
import type { RequestParts } from './request-parts.ts'
import type { RevocationStatus, VerifyOptions } from './revocation-source.ts'
import { EventLog, type VerifierCounters } from './verifier-event.ts'
import { type CheckedOptions, checkOptions, type VerifierOptions } from './verifier-options.ts'
import { outcomesOf, type VerifyOutcome } from './verify-many.ts'

/** Checks the access tokens of one issuer, for one API. `C` is what their claims are by the option `claims`. */
export interface Verifier<C extends AccessClaims = AccessClaims> {
  /**
   * Verifies an access token. One that is bound to a key is refused: only `authenticate` can see its proof.
   * Throws `verifier/invalid-token`, `verifier/keys-unavailable`, `verifier/stale`, `verifier/closed`, and
   * `verifier/options` for options of the call that are not known.
   */
  verify(token: string, options?: VerifyOptions): Promise<AuthContext<C>>
  /**
   * The same at once, where the keys are at hand: after `ready()`, and again after each refresh in the background.
   * Throws what `verify` throws; `verifier/keys-unavailable` with the reason `not-at-hand` where it would have to wait,
   * and then fetches what was missing. Not on platforms whose cryptography is asynchronous (`token/platform`).
   */
  verifySync(token: string, options?: VerifyOptions): AuthContext<C>
  /**
   * Verifies many tokens beside one another, their signatures on the thread pool where there is one. Answers an outcome
   * for each, in order; throws only what is no refusal of a token.
   */
  verifyMany(tokens: readonly string[], options?: VerifyOptions): Promise<readonly VerifyOutcome<C>[]>
  /**
   * Verifies the access token of a request, and the proof of possession that goes with it (RFC 6750 §2.1, RFC 9449 §7).
   * Throws what `verify` throws, and `verifier/no-credentials`, `verifier/unsupported-scheme`,
   * `verifier/invalid-request`, `verifier/invalid-dpop-proof`, `verifier/use-dpop-nonce`.
   */
  authenticate(request: Request | RequestParts, options?: VerifyOptions): Promise<AuthContext<C>>
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
  /** The time it goes by, in seconds since the epoch: for checks of one's own, such as of `auth_time`. */
  now(): number
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
export function createVerifier<T = unknown>(options: VerifierOptions<T>): Verifier<TypedClaims<'access', T>> {
  return verifierOf(options) as Verifier<TypedClaims<'access', T>>
}

/** Of the claims it knows what every access token has; what the schema makes of the others shows in the type alone. */
function verifierOf(options: VerifierOptions): Verifier {
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
    verifyMany: (tokens: readonly string[], call: VerifyOptions = {}) =>
      outcomesOf(tokens, (token) => verifyWith(parts, token, call, 'beside')),
    authenticate: (request: Request | RequestParts, call: VerifyOptions = {}) =>
      authenticateWith(parts, request, schemes, call),
    ready: () => readyWith(parts),
    revocation: follower?.status() ?? null,
    challenges: Object.freeze({ schemes, algs: Object.freeze([...(checked.dpop?.algs ?? [])]) }),
    now: () => checked.clock.now(),
    counters: () => events.counters(),
    keySet: () => keys.document(),
    close,
    [Symbol.asyncDispose]: close,
  })
}

function partsOf(checked: CheckedOptions, closing: AbortSignal): Parts {
  const metadata = new IssuerMetadata(checked)
  const events = new EventLog(checked.onEvent)
  const { profile } = checked
  const keys = keyProvider(checked, metadata, events)
  const follower = checked.revocation?.follow({ ...checked, metadata, closing }) ?? null
  return {
    checked,
    profile,
    keys,
    follower,
    freshen: follower?.freshen ?? withoutCredential,
    cache: checked.cache?.create({ clock: checked.clock, profile, keys, follower, events }),
    events,
    opaque: checked.introspection?.connect({ ...checked, follower, metadata }),
    closing,
  }
}

function schemesOf({ dpop, mtls }: CheckedOptions): Scheme[] {
  if (dpop === undefined) return ['Bearer']
  return dpop.required && mtls === undefined ? ['DPoP'] : ['DPoP', 'Bearer']
}

/** What stands behind `AuthContext.requireFresh` where the issuer cannot be asked. */
async function withoutCredential(): Promise<never> {
  throw new VerifierError(
    'verifier/options',
    'Cannot ask the issuer of the token: the verifier has no credential; pass followRevocations as its option revocation',
  )
}

function closed(): VerifierError {
  return new VerifierError('verifier/closed', 'Cannot verify anything: the verifier was closed')
}

/** The same options, under which whatever is fetched ends with the verifier. */
function endingWith(closing: AbortSignal, options: CheckedOptions): CheckedOptions {
  const fetch: Fetch = (url, init) => {
    const signals = init.signal ? [init.signal, closing] : [closing]
    return options.fetch(url, { ...init, signal: AbortSignal.any(signals) })
  }
  return { ...options, fetch }
}
