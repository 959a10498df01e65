import {
  type Audience,
  isIssuerIdentifier,
  type ProfileOptions,
  type StandardSchema,
} from '@jotwarden/policy'
import { type Clock, isJwsAlgorithm, jwsAlgorithms, type VerifyAlgorithm } from '@jotwarden/token'
import { invalid, seconds } from './invalid-option.ts'
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
export interface CheckedOptions {
  readonly issuer: string
  readonly audience: Audience | null
  readonly revocation: RevocationSource | null
  readonly dpop: ProofOfPossession | undefined
  readonly mtls: ProofOfPossession | undefined
  readonly jwksUri: string | null | undefined
  readonly jwks: unknown
  readonly algorithms: readonly VerifyAlgorithm[]
  /** Passed on to the policy's own checks. */
  readonly terms: Partial<ProfileOptions<'access'>>
  readonly longestStale: number
  readonly timeout: number
  readonly clock: Clock
  readonly steadyClock: Clock
  readonly fetch: Fetch
  readonly introspection: OpaqueTokens | undefined
  readonly anchors: KeyAnchors | undefined
  readonly cache: TokenCacheSource | undefined
  readonly onEvent: ((event: VerifierEvent) => void) | undefined
  readonly jwksOrigins: readonly string[]
}

/** Checks what can be checked without the network. Throws `verifier/options`, naming option, fault and remedy. */
export function checkOptions(options: VerifierOptions): CheckedOptions {
  if (typeof options !== 'object' || options === null)
    throw invalid('issuer', 'is missing', 'pass an object of options')
  for (const name of Object.keys(options))
    if (!optionNames.has(name))
      throw invalid(name, 'is not known', `use one of ${[...optionNames].join(', ')}`)
  checkIssuer(options.issuer)
  if (options.audience === undefined)
    throw invalid(
      'audience',
      'is missing',
      "name this API as the issuer does, or write 'audience: null' to accept tokens meant for others",
    )
  checkRevocation(options.revocation)
  checkKeys(options)
  // Defaults stand in for what is absent alone: null is no number and is refused
  const { longestStale = 86_400, timeout = 5 } = options
  return {
    issuer: options.issuer,
    audience: options.audience,
    revocation: options.revocation,
    dpop: checkProof('dpop', 'jkt', options.dpop),
    mtls: checkProof('mtls', 'x5t#S256', options.mtls),
    jwksUri: options.jwksUri,
    jwks: options.jwks,
    algorithms: checkAlgorithms(options.algorithms),
    terms: definedTerms(options),
    longestStale: seconds('longestStale', longestStale, 0, 86_400),
    timeout: seconds('timeout', timeout, 0.01, 30),
    clock: options.clock ?? systemClock,
    steadyClock: options.steadyClock ?? systemSteadyClock,
    fetch: options.fetch ?? systemFetch,
    introspection: checkIntrospection(options.introspection),
    anchors: checkAnchors(options.anchors),
    cache: checkCache(options.cache),
    onEvent: checkListener(options.onEvent),
    jwksOrigins: checkOrigins(options),
  }
}

function checkIssuer(issuer: unknown): void {
  if (issuer === undefined)
    throw invalid('issuer', 'is missing', "pass the issuer's URL as its metadata name it")
  if (typeof issuer !== 'string' || !isIssuerIdentifier(issuer) || !URL.canParse(issuer))
    throw invalid(
      'issuer',
      'is no issuer URL',
      'pass an https URL without query and fragment (http passes on loopback hosts alone)',
    )
}

function checkRevocation(revocation: unknown): void {
  if (revocation === null) return
  if (typeof revocation !== 'object' || !('follow' in revocation))
    throw invalid(
      'revocation',
      'is missing or neither null nor made by followRevocations',
      "pass followRevocations({ clientId, clientSecret }) of @jotwarden/verifier/revocation, or write 'revocation: null' to accept that revoked tokens pass until they expire",
    )
}

function checkProof(
  name: string,
  confirmation: ProofOfPossession['confirmation'],
  proof: ProofOfPossession | undefined,
): ProofOfPossession | undefined {
  if (proof === undefined || proof?.confirmation === confirmation) return proof
  throw invalid(name, `is not made by ${name}()`, `pass what ${name}() of @jotwarden/verifier/${name} makes`)
}

function checkIntrospection(introspection: OpaqueTokens | undefined): OpaqueTokens | undefined {
  if (introspection === undefined || typeof introspection?.connect === 'function') return introspection
  throw invalid(
    'introspection',
    'is not made by introspection()',
    'pass what introspection() of @jotwarden/verifier/introspection makes',
  )
}

function checkAnchors(anchors: KeyAnchors | undefined): KeyAnchors | undefined {
  if (anchors === undefined || typeof anchors?.vouchFor === 'function') return anchors
  throw invalid(
    'anchors',
    'is not made by certificateAnchors()',
    'pass what certificateAnchors() of @jotwarden/verifier/certificates makes',
  )
}

function checkCache(cache: TokenCacheSource | undefined): TokenCacheSource | undefined {
  if (cache === undefined || typeof cache?.create === 'function') return cache
  throw invalid(
    'cache',
    'is not made by tokenCache()',
    'pass what tokenCache() of @jotwarden/verifier/cache makes',
  )
}

function checkListener(listener: VerifierOptions['onEvent']): VerifierOptions['onEvent'] {
  if (listener === undefined || typeof listener === 'function') return listener
  throw invalid('onEvent', 'is no function', 'pass one, or leave it out')
}

function checkKeys({ issuer, jwksUri, jwks }: VerifierOptions): void {
  if (jwksUri === null && jwks === undefined)
    throw invalid(
      'jwks',
      'is missing while jwksUri is null',
      'pass a key set, or leave jwksUri out to find it by discovery',
    )
  if (jwksUri === undefined || jwksUri === null) return
  if (typeof jwksUri !== 'string' || !isAllowedUrl(jwksUri, issuer))
    throw invalid(
      'jwksUri',
      'is no URL to trust keys from',
      'pass an https URL, or leave it out to find it by discovery',
    )
}

function checkAlgorithms(algorithms: readonly VerifyAlgorithm[] = asymmetric): readonly VerifyAlgorithm[] {
  if (!Array.isArray(algorithms) || algorithms.length === 0)
    throw invalid('algorithms', 'names none', `pass some of ${asymmetric.join(', ')}, or leave it out`)
  for (const alg of algorithms)
    if (alg !== 'EdDSA' && !asymmetric.includes(alg))
      throw invalid('algorithms', 'names one that is not accepted', `pass some of ${asymmetric.join(', ')}`)
  return Object.freeze([...algorithms])
}

function checkOrigins({ issuer, jwksOrigins = [] }: VerifierOptions): readonly string[] {
  const isOrigin = (text: unknown): boolean =>
    typeof text === 'string' && isAllowedUrl(text, issuer) && new URL(text).origin === text
  if (Array.isArray(jwksOrigins) && jwksOrigins.every(isOrigin)) return Object.freeze([...jwksOrigins])
  throw invalid(
    'jwksOrigins',
    'holds no origins to trust keys from',
    "pass texts such as 'https://keys.example'",
  )
}

function definedTerms({ claims: schema, ...options }: VerifierOptions): CheckedOptions['terms'] {
  const given = Object.entries({ ...options, schema })
  return Object.fromEntries(given.filter(([name, value]) => termNames.has(name) && value !== undefined))
}

// A verifier shares no secret with the issuer: whoever holds one could mint tokens too
const asymmetric: readonly VerifyAlgorithm[] = [...jwsAlgorithms.values()]
  .filter((entry) => !entry.symmetric)
  .map((entry) => entry.alg)
  .filter(isJwsAlgorithm)

/** The options that are policy's own, by its names. */
const termNames: ReadonlySet<string> = new Set([
  'skew',
  'longestLifetime',
  'maxAge',
  'clientId',
  'authorizedParty',
  'required',
  'declared',
  'schema',
  'danger',
] satisfies (keyof ProfileOptions)[])

const optionNames: ReadonlySet<string> = new Set([
  'issuer',
  'audience',
  'revocation',
  'jwksUri',
  'jwksOrigins',
  'jwks',
  'algorithms',
  'skew',
  'longestLifetime',
  'maxAge',
  'clientId',
  'authorizedParty',
  'required',
  'declared',
  'claims',
  'danger',
  'longestStale',
  'timeout',
  'clock',
  'steadyClock',
  'fetch',
  'dpop',
  'mtls',
  'introspection',
  'anchors',
  'cache',
  'onEvent',
] satisfies (keyof VerifierOptions)[])
