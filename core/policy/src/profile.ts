import { normalizeTyp } from '@jotwarden/token'
import type { Audience } from './audience.ts'
import { type Check, checklist, type Terms } from './checklist.ts'
import { type ClaimCheck, claimCheck } from './claim-check.ts'
import type { Demands } from './demand.ts'
import { PolicyError } from './errors.ts'
import { isIssuerIdentifier } from './issuer.ts'
import type { KindRule, TokenKind } from './kinds.ts'
import type { StandardSchema } from './standard-schema.ts'
import { unmet } from './unmet.ts'

/** What one reader demands of tokens. Every check left out has to be written as `null`. */
export interface ProfileOptions<K extends TokenKind = TokenKind, T = unknown> {
  /** The row of the table of kinds, such as `accessKind`; `defineProfileByName` takes its name. */
  readonly kind: KindRule<K>
  /** The one issuer, compared code point by code point; `null` only for kinds that have none. */
  readonly issuer: string | null
  /** Who the token must be for; `null` leaves the check out. */
  readonly audience: Audience | null
  /** Seconds by which clocks may differ: 0 to 60, 30 when left out. */
  readonly skew?: number
  /** Seconds a token may live. It may only lower what the kind allows. */
  readonly longestLifetime?: number
  /** Seconds since `iat` after which a token is too old, whatever its `exp`; a token without `iat` is refused then. */
  readonly maxAge?: number
  /** The nonce that was sent with the request for an ID token; ID tokens need it written, if only as `null`. */
  readonly nonce?: string | null
  /** The only subject whose tokens pass. */
  readonly subject?: string
  /** The only client whose tokens pass, where the kind names a client. */
  readonly clientId?: string
  /** What `azp` must be, in ID tokens and access tokens. */
  readonly authorizedParty?: string
  /** Claims that must be there beside those of the kind. */
  readonly required?: readonly string[]
  /**
   * Claims that restrict the token and of which the reader takes care, such as `act` or `authorization_details`. A token
   * with one that neither the kind understands nor is declared here is refused.
   */
  readonly declared?: readonly string[]
  /** What every token has to grant, and how its subject has signed in. `demand` asks the same for a single act. */
  readonly demands?: Demands
  /** Checks the claims when all else is good, and gives them their types: zod, valibot, arktype … It must not wait. */
  readonly schema?: StandardSchema<T>
  /** What weakens the profile. */
  readonly danger?: {
    /**
     * The values of `typ` that pass in place of the kind's, for issuers that write another; `null` stands for a header
     * without. The claims alone then keep the kinds of token apart.
     */
    readonly typ?: readonly (string | null)[]
  }
}

/** Options that have been checked, as the checks made of them; only {@link defineProfile} makes one. */
export interface Profile<K extends TokenKind = TokenKind, T = unknown> extends Terms<K> {
  readonly schema: StandardSchema<T> | null
  readonly [profileChecks]: { readonly ofNames: ClaimCheck; readonly ofValues: readonly Check[] }
}

/** Where a profile keeps its checks. Not exported from the package, so that nobody can write a profile by hand. */
export const profileChecks: unique symbol = Symbol('checks')

/**
 * Checks the options once, and makes the checks of which `decide` consists for them.
 * Throws `policy/profile` for an unknown option, a number out of range, an issuer that is not an issuer
 * identifier, an empty audience, a declared claim that the kind forbids, and for a check that was left out without
 * writing `null`.
 *
 * @example
 * ```ts
 * const profile = defineProfile({
 *   kind: accessKind,
 *   issuer: 'https://issuer.example',
 *   audience: 'https://api.example',
 *   schema: z.object({ roles: z.array(z.string()) }),
 * })
 * const decision = decide(verify(token, keys), profile, now)
 * if (!decision.allow) return decision.reason
 * const roles: readonly string[] = decision.claims.roles
 * ```
 */
export function defineProfile<K extends TokenKind, T = unknown>(
  options: ProfileOptions<K, T>,
): Profile<K, T> {
  for (const name of Object.keys(options)) if (!optionNames.has(name)) throw invalid(name, 'is not known')
  const terms = termsOf(options)
  const schema = checkedSchema(options.schema)
  const checks = { ofNames: claimCheck(terms), ofValues: checklist(terms) }
  return Object.freeze({ ...terms, schema, [profileChecks]: Object.freeze(checks) })
}

function termsOf<K extends TokenKind>(options: ProfileOptions<K>): Terms<K> {
  const rule = checkedKind(options.kind)
  // Defaults stand in for what is absent alone: null is no number and is refused
  const { skew = defaultSkew, longestLifetime = rule.longestLifetime } = options
  const { subject, clientId, authorizedParty, maxAge } = options
  return {
    rule,
    typ: checkedTyp(options.danger, rule),
    issuer: checkedIssuer(options.issuer, rule),
    audience: checkedAudience(options.audience, rule),
    subject: subject === undefined ? null : carried('subject', 'sub', subject, rule),
    clientId: clientId === undefined ? null : carried('clientId', 'client_id', clientId, rule),
    authorizedParty:
      authorizedParty === undefined ? null : carried('authorizedParty', 'azp', authorizedParty, rule),
    nonce: checkedNonce(options.nonce, rule),
    required: checkedRequired(options, rule),
    declared: checkedDeclared(options, rule),
    skew: seconds('skew', skew, 0, longestSkew),
    longestLifetime: seconds('longestLifetime', longestLifetime, 1, rule.longestLifetime),
    maxAge: maxAge === undefined ? null : seconds('maxAge', maxAge, 1, Number.MAX_SAFE_INTEGER),
    demands: checkedDemands(options.demands),
  }
}

function checkedKind<K extends TokenKind>(kind: KindRule<K>): KindRule<K> {
  if (typeof kind === 'object' && kind !== null && typeof kind.typ === 'string') return kind
  throw invalid('kind', 'must be a row of the table of kinds; defineProfileByName takes its name')
}

function checkedTyp(danger: ProfileOptions['danger'] = {}, rule: KindRule): readonly (string | null)[] {
  for (const name of Object.keys(danger)) if (name !== 'typ') throw invalid(`danger.${name}`, 'is not known')
  const { typ = [rule.typ] } = danger
  if (!Array.isArray(typ) || typ.length === 0)
    throw invalid('danger.typ', 'must be an array of media types, or of null for a header without')
  return Object.freeze(typ.map((one) => (one === null ? null : normalizeTyp(text('danger.typ', one)))))
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

/** The value that a claim must have, where the kind may have the claim. */
function carried(option: string, claim: string, value: unknown, rule: KindRule): string {
  if (rule.forbidden.includes(claim))
    throw invalid(option, `has no meaning for the kind ${rule.kind}, which forbids ${claim}`)
  return text(option, value)
}

function checkedRequired({ required, maxAge }: ProfileOptions, rule: KindRule): readonly string[] {
  const named = names('required', required, rule)
  // Of a token that does not say when it was issued nobody can say how old it is
  return Object.freeze([...new Set([...rule.required, ...named, ...(maxAge === undefined ? [] : ['iat'])])])
}

/** A claim that an option says the value of is taken care of. */
function checkedDeclared({ declared, authorizedParty }: ProfileOptions, rule: KindRule): readonly string[] {
  const named = names('declared', declared, rule)
  return authorizedParty === undefined ? named : Object.freeze([...named, 'azp'])
}

function names(option: string, value: readonly string[] = [], rule: KindRule): readonly string[] {
  if (!Array.isArray(value)) throw invalid(option, 'must be an array of names of claims')
  for (const name of value)
    if (rule.forbidden.includes(text(option, name)))
      throw invalid(option, `names ${name}, which the kind ${rule.kind} forbids`)
  return Object.freeze([...value])
}

function checkedDemands(demands: Demands | undefined): Demands | null {
  if (demands === undefined) return null
  if (typeof demands?.[unmet] === 'function') return demands
  throw invalid('demands', 'must be what defineDemands makes')
}

function checkedSchema<T>(schema: StandardSchema<T> | undefined): StandardSchema<T> | null {
  if (schema === undefined) return null
  if (typeof schema?.['~standard']?.validate === 'function') return schema
  throw invalid('schema', 'does not follow Standard Schema: it has no ~standard.validate')
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
  'subject',
  'clientId',
  'authorizedParty',
  'required',
  'declared',
  'demands',
  'schema',
  'danger',
] satisfies (keyof ProfileOptions)[])
