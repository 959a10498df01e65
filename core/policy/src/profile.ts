import { normalizeTyp } from '@jotwarden/token'
import type { Audience } from './audience.ts'
import { PolicyError } from './errors.ts'
import { isIssuerIdentifier } from './issuer.ts'
import { type KindRule, type TokenKind, tokenKinds } from './kinds.ts'

/** What one reader demands of tokens. Every check left out has to be written as `null`. */
export interface ProfileOptions<K extends TokenKind = TokenKind> {
  readonly kind: K
  /** The one issuer, compared code point by code point; `null` only for kinds that have none. */
  readonly issuer: string | null
  /** Who the token must be for; `null` leaves the check out. */
  readonly audience: Audience | null
  /** Seconds by which clocks may differ: 0 to 60, 30 when left out. */
  readonly skew?: number
  /** Seconds a token may live. It may only lower what the kind allows. */
  readonly longestLifetime?: number
  /** Seconds since `iat` after which a token is too old, whatever its `exp`. */
  readonly maxAge?: number
  /** The nonce that was sent with the request for an ID token; ID tokens need it written, if only as `null`. */
  readonly nonce?: string | null
  /** The only client whose tokens pass, where the kind names a client. */
  readonly clientId?: string
}

/** Options that have been checked; only {@link defineProfile} makes one. */
export interface Profile<K extends TokenKind = TokenKind> {
  readonly rule: KindRule<K>
  /** The normalised media type that `typ` must have. */
  readonly typ: string
  readonly issuer: string | null
  readonly audience: Audience | null
  readonly skew: number
  readonly longestLifetime: number
  readonly maxAge: number | null
  readonly nonce: string | null
  readonly clientId: string | null
  readonly [checked]: true
}

/**
 * Checks the options once, so that `decide` need not.
 * Throws `policy/profile` for an unknown option, a number out of range, an issuer that is not an issuer
 * identifier, an empty audience, and for a check that was left out without writing `null`.
 */
export function defineProfile<K extends TokenKind>(options: ProfileOptions<K>): Profile<K> {
  for (const name of Object.keys(options)) if (!optionNames.has(name)) throw invalid(name, 'is not known')
  if (!Object.hasOwn(tokenKinds, options.kind)) throw invalid('kind', 'names no kind of token')
  const rule = tokenKinds[options.kind]
  // Defaults stand in for what is absent alone: null is no number and is refused
  const { skew = defaultSkew, longestLifetime = rule.longestLifetime } = options
  const profile: Omit<Profile<K>, typeof checked> = {
    rule,
    typ: normalizeTyp(rule.typ),
    issuer: checkedIssuer(options.issuer, rule),
    audience: checkedAudience(options.audience, rule),
    skew: seconds('skew', skew, 0, longestSkew),
    longestLifetime: seconds('longestLifetime', longestLifetime, 1, rule.longestLifetime),
    maxAge:
      options.maxAge === undefined ? null : seconds('maxAge', options.maxAge, 1, Number.MAX_SAFE_INTEGER),
    nonce: checkedNonce(options.nonce, rule),
    clientId: options.clientId === undefined ? null : text('clientId', options.clientId),
  }
  return Object.freeze(profile) as Profile<K>
}

function checkedIssuer(issuer: string | null, rule: KindRule): string | null {
  if (!rule.required.includes('iss')) {
    if (issuer !== null) throw invalid('issuer', `must be null: a token of kind ${rule.kind} names none`)
    return null
  }
  const named = text('issuer', issuer)
  // A client that signs is named by its client identifier, which need not be a URL
  if (rule.signer !== 'client' && !isIssuerIdentifier(named))
    throw invalid('issuer', 'must be an https URL without query and fragment (http for loopback hosts alone)')
  return named
}

function checkedAudience(audience: Audience | null, rule: KindRule): Audience | null {
  if (audience === null) return null
  if (!rule.required.includes('aud'))
    throw invalid('audience', `must be null: a token of kind ${rule.kind} names none`)
  if (typeof audience === 'string') return text('audience', audience)
  if (!Array.isArray(audience) || audience.length === 0)
    throw invalid('audience', 'must be a text, an array of texts, or null to leave the check out')
  return Object.freeze(audience.map((one) => text('audience', one)))
}

function checkedNonce(nonce: string | null | undefined, rule: KindRule): string | null {
  if (rule.kind === 'id' && nonce === undefined)
    throw invalid('nonce', 'must be the nonce that was sent, or null to leave the check out')
  if (nonce === undefined || nonce === null) return null
  if (rule.kind !== 'id') throw invalid('nonce', `has no meaning for the kind ${rule.kind}`)
  return text('nonce', nonce)
}

function seconds(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw invalid(name, `must be a number of seconds from ${least} to ${most}`)
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(name, 'must be a text that is not empty')
}

function invalid(option: string, state: string): PolicyError {
  return new PolicyError('policy/profile', `Cannot define the profile: the option ${option} ${state}`)
}

declare const checked: unique symbol

const defaultSkew = 30
const longestSkew = 60

const optionNames: ReadonlySet<string> = new Set([
  'kind',
  'issuer',
  'audience',
  'skew',
  'longestLifetime',
  'maxAge',
  'nonce',
  'clientId',
] satisfies (keyof ProfileOptions)[])
