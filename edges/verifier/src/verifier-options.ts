import {
  type Audience,
  accessProfile,
  type OptionFault,
  type Profile,
  type StandardSchema,
} from '@jotwarden/policy'
import type { Clock, VerifyAlgorithm } from '@jotwarden/token'
import { asymmetricAlgorithms } from './asymmetric-algorithms.ts'
import { invalid, refuseUnknownNames, seconds } from './invalid-option.ts'
import type { KeyAnchors } from './key-anchors.ts'
import type { OpaqueTokens } from './opaque-tokens.ts'
import { isAllowedUrl } from './origins.ts'
import { isPlainObject } from './plain-object.ts'
import { type Fetch, systemClock, systemFetch, systemSteadyClock } from './platform.ts'
import type { ProofOfPossession } from './proof-of-possession.ts'
import type { RevocationSource } from './revocation-source.ts'
import type { TokenCacheSource } from './token-cache.ts'
import type { VerifierEvent } from './verifier-event.ts'

/** What a verifier is told. All times are seconds. */
export interface VerifierOptions<T = unknown> {
  /** The one issuer whose tokens are accepted, exactly as it names itself. */
  readonly issuer: string
  /** Who the tokens must be for: this API. `null` leaves the check out, and has to be written. */
  readonly audience: Audience | null
  /**
   * How revocations reach this verifier: what `followRevocations` makes. `null` has to be written, and says that a
   * revoked token is accepted until it expires.
   */
  readonly revocation: null | RevocationSource
  /** Takes DPoP-bound tokens: what `dpop` of `@jotwarden/verifier/dpop` makes. Refused when left out. */
  readonly dpop?: ProofOfPossession
  /** Takes certificate-bound tokens: what `mtls` of `@jotwarden/verifier/mtls` makes. Refused when left out. */
  readonly mtls?: ProofOfPossession
  /** Where the keys are, without discovery; `null` never fetches any and needs `jwks`. */
  readonly jwksUri?: string | null
  /** Origins beside the issuer's own where its metadata may say that the keys are, such as `https://keys.example`. */
  readonly jwksOrigins?: readonly string[]
  /** A key set to begin with (RFC 7517 §5), refreshed from the issuer unless `jwksUri` is `null`. */
  readonly jwks?: unknown
  /**
   * The algorithms accepted; may only narrow the default, which is every one with a public key. Beyond it goes `EdDSA`
   * alone, the older name of Ed25519 (RFC 9864): issuers that still write it have to be named so.
   */
  readonly algorithms?: readonly VerifyAlgorithm[]
  /** By how much clocks may differ: 0 to 60, 30 when left out. */
  readonly skew?: number
  /** How long a token may live from `iat` to `exp`; at most, and by default, 3600. */
  readonly longestLifetime?: number
  /** Refuses tokens issued longer ago than this, whatever their `exp`. */
  readonly maxAge?: number
  /** The only client whose tokens pass. */
  readonly clientId?: string
  /** What `azp` must be. */
  readonly authorizedParty?: string
  /** Claims that every token must have beside those of RFC 9068 §2.2. */
  readonly required?: readonly string[]
  /**
   * Claims that restrict a token and that this API takes care of, such as `act` or `authorization_details`. A token with
   * one that neither the verifier understands nor is named here is refused.
   */
  readonly declared?: readonly string[]
  /** Checks the claims when all else is good, and gives them their types: zod, valibot, arktype, any Standard Schema. */
  readonly claims?: StandardSchema<T>
  /** How long keys are used while the issuer cannot be reached; at most, and by default, 86400. */
  readonly longestStale?: number
  /** How long the issuer may take to answer; at most 30, 5 when left out. */
  readonly timeout?: number
  /** Says what time it is, in seconds since the epoch; the system's clock when left out. */
  readonly clock?: Clock
  /** A clock that nobody sets, in seconds since some moment: how old the knowledge of revocations is goes by it. */
  readonly steadyClock?: Clock
  /** Asks the issuer; the platform's `fetch` when left out. */
  readonly fetch?: Fetch
  /** Takes opaque tokens too: what `introspection` of `@jotwarden/verifier/introspection` makes. */
  readonly introspection?: OpaqueTokens
  /**
   * Takes only keys whose certificates lead to an anchor: what `certificateAnchors` of
   * `@jotwarden/verifier/certificates` makes. When left out, certificates in a key set are not looked at.
   */
  readonly anchors?: KeyAnchors
  /** Remembers tokens that were accepted: what `tokenCache` of `@jotwarden/verifier/cache` makes. */
  readonly cache?: TokenCacheSource
  /** For logs and metrics. What it throws is ignored. */
  readonly onEvent?: (event: VerifierEvent) => void
  /** What weakens the verifier. */
  readonly danger?: {
    /**
     * The values of `typ` that pass in place of `at+jwt`, for issuers that write another; `null` stands for a header
     * without. The claims alone then tell an access token from an ID token (RFC 8725 §3.12).
     */
    readonly typ?: readonly (string | null)[]
  }
}

/** Options after {@link checkOptions}: complete, with defaults filled in. */
export type CheckedOptions = VerifierOptions &
  Required<Pick<VerifierOptions, Defaulted>> & {
    /** What the claims of a token have to say. */
    readonly profile: Profile<'access'>
  }

type Defaulted = 'algorithms' | 'jwksOrigins' | 'longestStale' | 'timeout' | 'clock' | 'steadyClock' | 'fetch'

/** Checks what can be checked without the network. Throws `verifier/options`, naming option, fault and remedy. */
export function checkOptions(given: VerifierOptions): CheckedOptions {
  if (!isPlainObject(given)) throw invalid('issuer', 'is missing', 'pass a plain object of options')
  // Read once: whoever asks twice may be answered twice
  const options = { ...given }
  refuseUnknownNames('', options, optionNames)
  refuseMissing(options)
  checkUrl('issuer', options.issuer, options)
  const profile = checkProfile(options)
  checkParts(options)
  checkKeys(options)
  // Defaults stand in for what is absent alone: null is no number and is refused
  const { longestStale = 86_400, timeout = 5, algorithms = asymmetricAlgorithms, jwksOrigins = [] } = options
  const { clock = systemClock, steadyClock = systemSteadyClock, fetch = systemFetch } = options
  return {
    ...options,
    algorithms: checkAlgorithms(algorithms),
    jwksOrigins: checkOrigins(jwksOrigins, options.issuer),
    profile,
    longestStale: seconds('longestStale', longestStale, 0, 86_400),
    timeout: seconds('timeout', timeout, 0.01, 30),
    clock,
    steadyClock,
    fetch,
  }
}

function refuseMissing(options: VerifierOptions): void {
  for (const [name, remedy] of needed)
    if (options[name] === undefined) throw invalid(name, 'is missing', remedy)
}

function checkProfile({ claims, ...options }: VerifierOptions): Profile<'access'> {
  // What a token says of where its status is told, the option `revocation` answers: it follows, or has waived it
  const { declared = [] } = options
  const withStatus = Array.isArray(declared) ? [...declared, 'status'] : declared
  return accessProfile({ ...options, declared: withStatus, schema: claims }, profileFault)
}

/** What is called later: a mistake is told now, not with the first token. */
function checkParts(options: VerifierOptions): void {
  for (const [name, method, right] of parts) {
    const part: unknown = options[name]
    if (part === undefined || (part === null && name === 'revocation')) continue
    if (typeof (part as Record<string, unknown> | null)?.[method] !== 'function')
      throw invalid(name, 'is not what it has to be', `pass ${right}`)
  }
  for (const name of ['fetch', 'onEvent'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw invalid(name, 'is no function', 'pass one, or leave it out')
}

function checkKeys(options: VerifierOptions): void {
  const { jwksUri, jwks } = options
  if (jwksUri === null && jwks === undefined)
    throw invalid('jwks', 'is missing while jwksUri is null', 'pass a key set, or leave jwksUri out')
  if (jwksUri !== undefined && jwksUri !== null) checkUrl('jwksUri', jwksUri, options)
}

function checkUrl(option: string, url: unknown, { issuer }: VerifierOptions): void {
  if (typeof url !== 'string' || !isAllowedUrl(url, issuer))
    throw invalid(option, 'is no URL to trust', 'pass an https URL (http where the issuer is on loopback)')
}

function checkAlgorithms(algorithms: readonly VerifyAlgorithm[]): readonly VerifyAlgorithm[] {
  const isAccepted = (alg: VerifyAlgorithm): boolean => alg === 'EdDSA' || asymmetricAlgorithms.includes(alg)
  if (Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every(isAccepted))
    return Object.freeze([...algorithms])
  throw invalid(
    'algorithms',
    'names none, or one that is not accepted',
    `pass some of ${asymmetricAlgorithms.join(', ')}`,
  )
}

function checkOrigins(origins: readonly string[], issuer: string): readonly string[] {
  const isOrigin = (text: unknown): boolean =>
    typeof text === 'string' && isAllowedUrl(text, issuer) && new URL(text).origin === text
  if (Array.isArray(origins) && origins.every(isOrigin)) return Object.freeze([...origins])
  throw invalid('jwksOrigins', 'holds no origins', "pass texts such as 'https://keys.example'")
}

/** Policy's option `schema` is called `claims` here. */
const profileFault: OptionFault = (option, state, remedy) =>
  invalid(option === 'schema' ? 'claims' : option, state, remedy)

/** Options that have to be written, and what to write. */
const needed = [
  ['issuer', "pass the issuer's URL"],
  ['audience', "name this API, or write 'audience: null' to let tokens for others pass"],
  ['revocation', "pass followRevocations({ … }), or write 'revocation: null' to let revoked tokens pass"],
] as const

/** By which method a part is known, and what it has to be. */
const parts = [
  ['revocation', 'follow', madeBy('followRevocations', 'revocation')],
  ['dpop', 'check', madeBy('dpop', 'dpop')],
  ['mtls', 'check', madeBy('mtls', 'mtls')],
  ['introspection', 'connect', madeBy('introspection', 'introspection')],
  ['anchors', 'vouchFor', madeBy('certificateAnchors', 'certificates')],
  ['cache', 'create', madeBy('tokenCache', 'cache')],
  ['clock', 'now', 'an object with now() in seconds'],
  ['steadyClock', 'now', 'an object with now() in seconds'],
] as const

function madeBy(maker: string, subpath: string): string {
  return `what ${maker}() of @jotwarden/verifier/${subpath} makes`
}

const optionNames: ReadonlySet<string> = new Set([
  'issuer',
  'audience',
  ...parts.map(([name]) => name),
  'skew',
  'longestLifetime',
  'maxAge',
  'clientId',
  'authorizedParty',
  'required',
  'declared',
  'danger',
  'claims',
  'jwksUri',
  'jwksOrigins',
  'jwks',
  'algorithms',
  'longestStale',
  'timeout',
  'fetch',
  'onEvent',
] satisfies (keyof VerifierOptions)[])
