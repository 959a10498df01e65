import {
  type Audience,
  isIssuerIdentifier,
  type ProfileOptions,
  type StandardSchema,
} from '@jotwarden/policy'
import type { Clock, VerifyAlgorithm } from '@jotwarden/token'
import { asymmetricAlgorithms } from './asymmetric-algorithms.ts'
import { invalid, refuseUnknownNames, seconds } from './invalid-option.ts'
import type { KeyAnchors } from './key-anchors.ts'
import type { OpaqueTokens } from './opaque-tokens.ts'
import { isAllowedUrl } from './origins.ts'
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
  readonly clock?: Clock
  /** A clock that nobody sets, in seconds since some moment: what staleness is measured with. */
  readonly steadyClock?: Clock
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
    /** Passed on to the policy's own checks. */
    readonly terms: Partial<ProfileOptions<'access'>>
  }

type Defaulted = 'algorithms' | 'jwksOrigins' | 'longestStale' | 'timeout' | 'clock' | 'steadyClock' | 'fetch'

/**
 * Checks what can be checked without the network and is not policy's. Throws `verifier/options`, naming option, fault
 * and remedy.
 */
export function checkOptions(options: VerifierOptions): CheckedOptions {
  if (typeof options !== 'object' || options === null)
    throw invalid('issuer', 'is missing', 'pass an object of options')
  refuseUnknownNames('', options, optionNames)
  checkIssuer(options)
  checkParts(options)
  checkKeys(options)
  // Defaults stand in for what is absent alone: null is no number and is refused
  const { longestStale = 86_400, timeout = 5, algorithms = asymmetricAlgorithms, jwksOrigins = [] } = options
  const { clock = systemClock, steadyClock = systemSteadyClock, fetch = systemFetch } = options
  return {
    ...options,
    algorithms: checkAlgorithms(algorithms),
    jwksOrigins: checkOrigins(jwksOrigins, options.issuer),
    terms: definedTerms(options),
    longestStale: seconds('longestStale', longestStale, 0, 86_400),
    timeout: seconds('timeout', timeout, 0.01, 30),
    clock,
    steadyClock,
    fetch,
  }
}

function checkIssuer({ issuer, audience }: VerifierOptions): void {
  if (issuer === undefined)
    throw invalid('issuer', 'is missing', "pass the issuer's URL as its metadata name it")
  if (typeof issuer !== 'string' || !isIssuerIdentifier(issuer) || !URL.canParse(issuer))
    throw invalid('issuer', 'is no issuer URL', 'pass an https URL without query (http on loopback alone)')
  if (audience === undefined)
    throw invalid(
      'audience',
      'is missing',
      "name this API, or write 'audience: null' to accept tokens for others",
    )
}

/** Each is an object that a function of a subpath has made, which its method gives away. */
function checkParts(options: VerifierOptions): void {
  if (options.revocation === undefined)
    throw invalid(
      'revocation',
      'is missing',
      "pass followRevocations({ … }), or write 'revocation: null' to let revoked tokens pass until they expire",
    )
  for (const [name, method, maker] of parts) {
    const part: unknown = options[name]
    if (part === undefined || (part === null && name === 'revocation')) continue
    if (typeof (part as Record<string, unknown> | null)?.[method] !== 'function')
      throw invalid(name, 'is not what it has to be', `pass what ${maker} makes`)
  }
  if (options.onEvent !== undefined && typeof options.onEvent !== 'function')
    throw invalid('onEvent', 'is no function', 'pass one, or leave it out')
}

function checkKeys({ issuer, jwksUri, jwks }: VerifierOptions): void {
  if (jwksUri === null && jwks === undefined)
    throw invalid('jwks', 'is missing while jwksUri is null', 'pass a key set, or leave jwksUri out')
  if (jwksUri === undefined || jwksUri === null) return
  if (typeof jwksUri !== 'string' || !isAllowedUrl(jwksUri, issuer))
    throw invalid('jwksUri', 'is no URL to trust keys from', 'pass an https URL, or leave it out')
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

function definedTerms(options: VerifierOptions): CheckedOptions['terms'] {
  const given: [string, unknown][] = termNames.map((name) => [name, options[name]])
  given.push(['schema', options.claims])
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

/** By which method a part is known, and what makes it. */
const parts = [
  ['revocation', 'follow', 'followRevocations() of @jotwarden/verifier/revocation'],
  ['dpop', 'check', 'dpop() of @jotwarden/verifier/dpop'],
  ['mtls', 'check', 'mtls() of @jotwarden/verifier/mtls'],
  ['introspection', 'connect', 'introspection() of @jotwarden/verifier/introspection'],
  ['anchors', 'vouchFor', 'certificateAnchors() of @jotwarden/verifier/certificates'],
  ['cache', 'create', 'tokenCache() of @jotwarden/verifier/cache'],
] as const

/** The options that are policy's own, under its names; `claims` is its `schema`. */
const termNames = [
  'skew',
  'longestLifetime',
  'maxAge',
  'clientId',
  'authorizedParty',
  'required',
  'declared',
  'danger',
] as const satisfies (keyof VerifierOptions & keyof ProfileOptions)[]

const optionNames: ReadonlySet<string> = new Set([
  'issuer',
  'audience',
  ...parts.map(([name]) => name),
  ...termNames,
  'claims',
  'jwksUri',
  'jwksOrigins',
  'jwks',
  'algorithms',
  'longestStale',
  'timeout',
  'clock',
  'steadyClock',
  'fetch',
  'onEvent',
] satisfies (keyof VerifierOptions)[])
