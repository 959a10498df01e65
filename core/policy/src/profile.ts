import type { Audience } from './audience.ts'
import { isText } from './claim-shapes.ts'
import type { Demands } from './demand.ts'
import { PolicyError } from './errors.ts'
import type { KindRule, TokenKind } from './kinds.ts'
import { type Profile, profileOfTerms } from './profile-of-terms.ts'
import { checkedIssuer, checkedSchema, checkedText, sharedTerms } from './shared-options.ts'
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
  for (const name of Object.keys(options))
    if (!optionNames.has(name)) throw invalid(name, 'is not known', 'leave it out')
  const rule = kindOf(options.kind)
  refuseForbidden(options, rule)
  const terms = {
    ...sharedTerms(rule, options, invalid),
    issuer: issuerOf(options.issuer, rule),
    subject: checkedText('subject', options.subject, invalid),
    nonce: nonceOf(options.nonce, rule),
    demands: demandsOf(options.demands),
  }
  return profileOfTerms(terms, checkedSchema('schema', options.schema, invalid))
}

function kindOf<K extends TokenKind>(kind: KindRule<K>): KindRule<K> {
  if (typeof kind === 'object' && kind !== null && Array.isArray(kind.checks)) return kind
  throw invalid(
    'kind',
    'is no row of the table of kinds',
    'pass one such as accessKind; defineProfileByName takes its name',
  )
}

/** What says the value of a claim has no meaning for a kind that never has the claim. */
function refuseForbidden(options: ProfileOptions, { kind, required, forbidden }: KindRule): void {
  for (const [option, claim] of claimsOfOptions)
    if (options[option] !== undefined && forbidden.includes(claim))
      throw invalid(option, `has no meaning for the kind ${kind}, which forbids ${claim}`, 'leave it out')
  if (options.audience !== null && !required.includes('aud'))
    throw invalid('audience', `has no meaning for the kind ${kind}, which names none`, 'pass null')
}

function issuerOf(issuer: string | null, rule: KindRule): string | null {
  if (!rule.required.includes('iss')) {
    if (issuer === null) return null
    throw invalid('issuer', `has no meaning for the kind ${rule.kind}, which names none`, 'pass null')
  }
  if (rule.signer !== 'client') return checkedIssuer(issuer, invalid)
  // A client that signs is named by its client identifier, which need not be a URL
  if (isText(issuer)) return issuer
  throw invalid('issuer', 'is empty, or no text', 'pass the identifier of the client that signs')
}

function nonceOf(nonce: string | null | undefined, { kind }: KindRule): string | null {
  if (kind === 'id' && nonce === undefined)
    throw invalid('nonce', 'is missing', 'pass the nonce that was sent, or null to leave the check out')
  if (nonce === undefined || nonce === null) return null
  if (kind === 'id') return checkedText('nonce', nonce, invalid)
  throw invalid('nonce', `has no meaning for the kind ${kind}`, 'leave it out')
}

function demandsOf(demands: Demands | undefined): Demands | null {
  if (demands === undefined) return null
  if (typeof demands?.[unmet] === 'function') return demands
  throw invalid('demands', 'is not what it has to be', 'pass what defineDemands makes')
}

function invalid(option: string, state: string, remedy: string): PolicyError {
  return new PolicyError(
    'policy/profile',
    `Cannot define the profile: the option ${option} ${state}; ${remedy}`,
  )
}

const claimsOfOptions = [
  ['subject', 'sub'],
  ['clientId', 'client_id'],
  ['authorizedParty', 'azp'],
] as const

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
