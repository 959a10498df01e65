import { defineProfile, dpopProofKind, type Profile, type ReplayStore } from '@jotwarden/policy'
import { importSecretKey, type JwsAlgorithm, Secret, TokenError } from '@jotwarden/token'
import { asymmetricAlgorithms } from '../asymmetric-algorithms.ts'
import { invalid, refuseUnknownNames, seconds } from '../invalid-option.ts'
import { memoryReplayStore } from './memory-replay-store.ts'
import { normalTarget } from './target-uri.ts'

/** How DPoP proofs are checked. All times are seconds; what is left out is strict. */
export interface DpopOptions {
  /**
   * Refuses tokens that are bound to no key; one that is bound to a certificate passes where `mtls` is given too. `false`
   * has to be written, and lets bearer tokens pass as well.
   */
  readonly required?: boolean
  /**
   * The scheme and authority by which clients address this API, such as `https://api.example.com`. When left out, they
   * are those of the request, and so of a `Host` header that whoever sends it chooses: say it behind a proxy, and
   * wherever the server does not refuse other hosts.
   */
  readonly origin?: string
  /** The algorithms accepted; may only narrow the default, which is all that are asymmetric. */
  readonly algorithms?: readonly JwsAlgorithm[]
  /** How long after its `iat` a proof is accepted, beside `skew`: 1 to 60, 60 when left out. */
  readonly maxAge?: number
  /** By how much clocks may differ: 0 to 60, 30 when left out. */
  readonly skew?: number
  /**
   * How nonces are made. `null` has to be written, and accepts proofs that were made ahead of time by whoever had the key
   * for a moment.
   */
  readonly nonce?: DpopNonceOptions | null
  /** Where used proofs are remembered; `memoryReplayStore()` when left out. */
  readonly replay?: ReplayStore
}

/** How nonces are made. */
export interface DpopNonceOptions {
  /** 32 bytes or more, the same in all processes behind one name; when left out, one that only this process knows. */
  readonly secret?: Secret | string
  /** How long a nonce is good at least, and at most twice as long: 10 to 3600, 300 when left out. */
  readonly lifetime?: number
}

/** Options after {@link checkDpop}: complete, with defaults filled in. */
export interface CheckedDpop {
  readonly required: boolean
  readonly origin: string | undefined
  readonly algorithms: readonly JwsAlgorithm[]
  readonly profile: Profile<'dpop-proof'>
  readonly nonce: CheckedNonce | null
  readonly replay: ReplayStore
}

export interface CheckedNonce {
  readonly secret: Secret | undefined
  readonly lifetime: number
}

/** Throws `verifier/options`, naming option, fault and remedy. */
export function checkDpop(options: DpopOptions): CheckedDpop {
  checkNames('dpop', options, optionNames)
  const { required = true, maxAge = 60, skew = 30 } = options
  if (typeof required !== 'boolean') throw invalid('dpop.required', 'is no boolean', 'leave it out')
  return {
    required,
    origin: checkOrigin(options.origin),
    algorithms: checkAlgorithms(options.algorithms),
    profile: defineProfile({
      kind: dpopProofKind,
      issuer: null,
      audience: null,
      longestLifetime: seconds('dpop.maxAge', maxAge, 1, 60),
      skew: seconds('dpop.skew', skew, 0, 60),
    }),
    nonce: checkNonce(options.nonce),
    replay: checkReplay(options.replay),
  }
}

function checkNames(option: string, given: unknown, known: ReadonlySet<string>): void {
  if (typeof given !== 'object' || given === null)
    throw invalid(option, 'is no object of options', 'pass one, or leave it out')
  refuseUnknownNames(`${option}.`, given, known)
}

function checkOrigin(origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined
  const normal = typeof origin === 'string' ? normalTarget(origin)?.slice(0, -1) : undefined
  if (normal === undefined || !originOnly.test(origin))
    throw invalid(
      'dpop.origin',
      'is no origin',
      'pass scheme and host alone, such as https://api.example.com',
    )
  return normal
}

// RFC 9449 §4.2: never none, never symmetric
function checkAlgorithms(
  algorithms: readonly JwsAlgorithm[] = asymmetricAlgorithms,
): readonly JwsAlgorithm[] {
  if (
    !Array.isArray(algorithms) ||
    algorithms.length === 0 ||
    !algorithms.every((alg) => asymmetricAlgorithms.includes(alg))
  )
    throw invalid(
      'dpop.algorithms',
      'names none, or one that is not accepted',
      `pass some of ${asymmetricAlgorithms.join(', ')}`,
    )
  return Object.freeze([...algorithms])
}

function checkNonce(nonce: DpopNonceOptions | null = {}): CheckedNonce | null {
  if (nonce === null) return null
  checkNames('dpop.nonce', nonce, nonceOptionNames)
  const { lifetime = 300 } = nonce
  return { secret: checkSecret(nonce.secret), lifetime: seconds('dpop.nonce.lifetime', lifetime, 10, 3600) }
}

function checkSecret(given: Secret | string | undefined): Secret | undefined {
  if (given === undefined) return undefined
  const secret = typeof given === 'string' ? Secret.fromText(given) : given
  if (!(secret instanceof Secret) || !isStrong(secret))
    throw invalid('dpop.nonce.secret', 'is short, known or no secret', 'pass 32 random bytes or more')
  return secret
}

function isStrong(secret: Secret): boolean {
  try {
    importSecretKey(secret, { alg: 'HS256', kid: 'dpop-nonce' })
  } catch (error) {
    // Where keys are imported asynchronously, that is said of those alone that are strong
    if (error instanceof TokenError) return error.code === 'token/platform'
    throw error
  }
  return true
}

function checkReplay(replay: ReplayStore = memoryReplayStore()): ReplayStore {
  if (typeof replay?.remember === 'function') return replay
  throw invalid('dpop.replay', 'is no replay store', 'pass one, or leave it out to remember in this process')
}

const originOnly = /^https?:\/\/[^/?#]+\/?$/i

const optionNames: ReadonlySet<string> = new Set([
  'required',
  'origin',
  'algorithms',
  'maxAge',
  'skew',
  'nonce',
  'replay',
] satisfies (keyof DpopOptions)[])

const nonceOptionNames: ReadonlySet<string> = new Set([
  'secret',
  'lifetime',
] satisfies (keyof DpopNonceOptions)[])
