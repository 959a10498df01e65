import { normalizeTyp } from '@jotwarden/token'
import type { Terms } from './checklist.ts'
import { isAudience, isText, isTexts } from './claim-shapes.ts'
import { isIssuerIdentifier } from './issuer.ts'
import type { KindRule, TokenKind } from './kinds.ts'
import type { ProfileOptions } from './profile.ts'
import type { StandardSchema } from './standard-schema.ts'

/** Makes the error by which a reader says that an option is wrong: which, what is wrong with it, and what to do. */
export type OptionFault = (option: string, state: string, remedy: string) => Error

/** The options that are checked in the same way whatever the kind of token. */
export type SharedOptions = Omit<
  ProfileOptions,
  'kind' | 'issuer' | 'nonce' | 'subject' | 'demands' | 'schema'
>

type SharedTerms<K extends TokenKind> = Omit<Terms<K>, 'issuer' | 'nonce' | 'subject' | 'demands'>

/** What these options settle, with defaults filled in. Throws the fault that it is given. */
export function sharedTerms<K extends TokenKind>(
  rule: KindRule<K>,
  options: SharedOptions,
  fault: OptionFault,
): SharedTerms<K> {
  // Defaults stand in for what is absent alone: null is no number and is refused
  const { skew = defaultSkew, longestLifetime = rule.longestLifetime, maxAge, authorizedParty } = options
  const required = claimNames('required', options.required, rule, fault)
  const declared = claimNames('declared', options.declared, rule, fault)
  // Of a token that does not say when it was issued nobody can say how old it is
  const dated = maxAge === undefined ? [] : ['iat']
  return {
    rule,
    typ: checkedTyp(options.danger, rule, fault),
    audience: checkedAudience(options.audience, fault),
    clientId: checkedText('clientId', options.clientId, fault),
    authorizedParty: checkedText('authorizedParty', authorizedParty, fault),
    required: Object.freeze([...new Set([...rule.required, ...required, ...dated])]),
    // A claim that an option says the value of is taken care of
    declared: Object.freeze([...declared, ...(authorizedParty === undefined ? [] : ['azp'])]),
    skew: seconds('skew', skew, 0, longestSkew, fault),
    longestLifetime: seconds('longestLifetime', longestLifetime, 1, rule.longestLifetime, fault),
    maxAge: maxAge === undefined ? null : seconds('maxAge', maxAge, 1, Number.MAX_SAFE_INTEGER, fault),
  }
}

/** The text, or null where it was left out. */
export function checkedText(option: string, value: string | undefined, fault: OptionFault): string | null {
  if (value === undefined) return null
  if (isText(value)) return value
  throw fault(option, 'is empty, or no text', 'pass the text that the claim must be')
}

/** The issuer, where it is a server: a client that signs is named by its identifier, which need not be a URL. */
export function checkedIssuer(issuer: string | null, fault: OptionFault): string {
  if (typeof issuer === 'string' && isIssuerIdentifier(issuer)) return issuer
  throw fault('issuer', 'is no issuer URL', 'pass an https URL without query (http on loopback alone)')
}

/** The schema, or null where it was left out. */
export function checkedSchema<T>(
  option: string,
  schema: StandardSchema<T> | undefined,
  fault: OptionFault,
): StandardSchema<T> | null {
  if (schema === undefined) return null
  if (typeof schema?.['~standard']?.validate === 'function') return schema
  throw fault(option, 'does not follow Standard Schema', 'pass an object with ~standard.validate')
}

function checkedTyp(danger: SharedOptions['danger'] = {}, rule: KindRule, fault: OptionFault): Terms['typ'] {
  if (typeof danger !== 'object' || danger === null)
    throw fault('danger', 'is no object', 'pass one, or leave it out')
  for (const name of Object.keys(danger))
    if (name !== 'typ') throw fault(`danger.${name}`, 'is not known', 'use danger.typ')
  const { typ = [rule.typ] } = danger
  const isSound = (one: string | null): boolean => one === null || isText(one)
  if (!Array.isArray(typ) || typ.length === 0 || !typ.every(isSound))
    throw fault(
      'danger.typ',
      'names no media types',
      'pass an array of them, or of null for a header without',
    )
  return Object.freeze(typ.map((one) => (one === null ? null : normalizeTyp(one))))
}

function checkedAudience(audience: SharedOptions['audience'], fault: OptionFault): Terms['audience'] {
  if (audience === null) return null
  // Of a copy, since a hole in an array passes every check of its members
  const named = Array.isArray(audience) ? Object.freeze([...audience]) : audience
  if (isAudience(named)) return named
  throw fault('audience', 'names nobody', 'pass a text, an array of texts, or null to leave the check out')
}

function claimNames(
  option: string,
  names: readonly string[] = [],
  { kind, forbidden }: KindRule,
  fault: OptionFault,
): readonly string[] {
  if (!(Array.isArray(names) && isTexts([...names])))
    throw fault(option, 'is no array of texts', 'pass the names of claims')
  for (const name of names)
    if (forbidden.includes(name))
      throw fault(option, `names ${name}, which the kind ${kind} forbids`, 'leave that name out')
  return names
}

function seconds(option: string, value: number, least: number, most: number, fault: OptionFault): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw fault(option, 'is out of range', `pass a number of seconds from ${least} to ${most}`)
}

const defaultSkew = 30
const longestSkew = 60
