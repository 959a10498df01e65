import type { JsonObject, JsonValue } from '@jotwarden/token'
import { AuthorityError } from './errors.ts'

/** Where a claim may appear. */
export type ClaimPlace = 'access' | 'id' | 'userinfo'

/** What is said of a claim before any is issued. */
export interface ClaimDeclaration {
  readonly in: readonly ClaimPlace[]
  /** About a person: kept out of access tokens, which travel to APIs and into their logs. */
  readonly personal?: boolean
  /** Not for anybody's eyes: only ever answered by userinfo, never inside a signed token. */
  readonly secret?: boolean
}

/** For whom claims are wanted. */
export interface ClaimsContext {
  readonly place: ClaimPlace
  readonly subject: string
  readonly client: string
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  readonly session: string | null
}

/** Claims of the host application's own (roles, groups, plans …), by declared name. */
export interface ClaimsHook<Name extends string = string> {
  readonly declared: { readonly [name in Name]: ClaimDeclaration }
  resolve(context: ClaimsContext): Promise<ResolvedClaims<Name>> | ResolvedClaims<Name>
}

export type ResolvedClaims<Name extends string> = { readonly [name in Name]?: JsonValue }

/**
 * Checks a claims hook; the compiler holds `resolve` to the declared names.
 *
 * Throws `authority/claims` when a name is one that a standard has given a meaning, or when a personal or secret claim
 * is declared for a token that would expose it.
 */
export function defineClaims<const Name extends string>(hook: ClaimsHook<Name>): ClaimsHook<Name> {
  for (const [name, declaration] of Object.entries<ClaimDeclaration>(hook.declared)) {
    if (RESERVED.has(name)) throw refusal(name, 'its meaning is fixed by a standard')
    if (declaration.personal && declaration.in.includes('access')) {
      throw refusal(name, 'it is personal, and an access token shows it to every API')
    }
    if (declaration.secret && declaration.in.some((place) => place !== 'userinfo')) {
      throw refusal(name, 'it is secret, and a signed token can be read by whoever holds it')
    }
  }
  return hook
}

/**
 * Asks the hook, and keeps what is declared for this place.
 * Throws `authority/claims` when the hook gives a name it did not declare.
 */
export async function hookClaims(hook: ClaimsHook | undefined, context: ClaimsContext): Promise<JsonObject> {
  if (hook === undefined) return NONE
  const resolved: { readonly [name: string]: JsonValue | undefined } = await hook.resolve(context)
  const kept: { [name: string]: JsonValue } = {}
  for (const [name, value] of Object.entries(resolved)) {
    if (!Object.hasOwn(hook.declared, name)) throw refusal(name, 'it was not declared')
    if (value !== undefined && hook.declared[name]?.in.includes(context.place)) kept[name] = value
  }
  return kept
}

function refusal(name: string, reason: string): AuthorityError {
  return new AuthorityError('authority/claims', `Cannot issue the claim ${name}: ${reason}`)
}

const NONE: JsonObject = Object.freeze({})
/** Claims with a registered meaning that the authority itself decides on. */
const RESERVED: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'client_id',
  'scope',
  'sid',
  'login',
  'azp',
  'nonce',
  'auth_time',
  'acr',
  'amr',
  'at_hash',
  'c_hash',
  's_hash',
  'cnf',
  'act',
  'may_act',
  'events',
  'sub_id',
  'status',
  'rev',
  'htm',
  'htu',
  'ath',
  'token_introspection',
  'authorization_details',
  'name',
  'preferred_username',
  'email',
  'email_verified',
  '__proto__',
  'constructor',
  'prototype',
])
