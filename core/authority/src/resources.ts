import { AuthorityError } from './errors.ts'
import { isLanguageTag } from './ui-locales.ts'

/** An API that access tokens are for (a resource server, RFC 8707). */
export interface ResourceServer {
  /** Absolute URI without a fragment; the `aud` of its tokens. */
  readonly identifier: string
  readonly name: string
  /** Its scopes, each with what it lets a client do, in words for the person who is asked. At least one. */
  readonly scopes: { readonly [scope: string]: ScopeText }
}

/** A text, or one a language by its BCP 47 tag; the first stands in for languages that are missing. */
export type ScopeText = string | { readonly [language: string]: string }

/** The scopes and resources that an authority knows. */
export interface Resources {
  readonly issuer: string
  /** Every scope with its description, the authority's own first. */
  readonly scopes: ReadonlyMap<string, ScopeText>
  /** The identifiers of the resources that declare a scope. */
  readonly owners: ReadonlyMap<string, readonly string[]>
  readonly identifiers: ReadonlySet<string>
}

/** What one access token is for. */
export interface Audience {
  readonly aud: readonly string[]
  readonly scope: readonly string[]
}

/** Checks the resources. Throws `authority/settings`. */
export function defineResources(issuer: string, resources: readonly ResourceServer[]): Resources {
  const scopes = new Map<string, ScopeText>(Object.entries(OWN_SCOPES))
  const owners = new Map<string, string[]>()
  const identifiers = new Set<string>()
  for (const resource of resources) {
    if (!isResourceIdentifier(resource.identifier))
      throw refusal(resource.identifier, 'is not an absolute URI without a fragment')
    if (resource.identifier === issuer) throw refusal(resource.identifier, 'is the issuer itself')
    if (identifiers.has(resource.identifier)) throw refusal(resource.identifier, 'is declared twice')
    if (Object.keys(resource.scopes).length === 0) throw refusal(resource.identifier, 'declares no scope')
    identifiers.add(resource.identifier)
    for (const [scope, description] of Object.entries(resource.scopes)) {
      if (!SCOPE_TOKEN.test(scope))
        throw refusal(
          resource.identifier,
          `declares ${JSON.stringify(scope)}, which is no scope (RFC 6749 §3.3)`,
        )
      if (Object.hasOwn(OWN_SCOPES, scope))
        throw refusal(resource.identifier, `declares ${scope}, a scope of the authority's own`)
      if (!isScopeText(description))
        throw refusal(resource.identifier, `says nothing of ${scope}, or not by the tag of a language`)
      scopes.set(scope, description)
      owners.set(scope, [...(owners.get(scope) ?? []), resource.identifier])
    }
  }
  return { issuer, scopes, owners, identifiers }
}

/**
 * Says what a token with this scope, asked for these resources, is for.
 *
 * Named resources are the audience, and scopes of other resources are left out (RFC 9068 §3). Unnamed, the scopes decide;
 * a scope of two resources then is ambiguous. With `openid` the issuer is an audience too, for its userinfo endpoint.
 * Throws `oauth/invalid_target`.
 */
export function audienceOf(
  resources: Resources,
  scope: readonly string[],
  requested: readonly string[],
): Audience {
  const aud = requested.length > 0 ? requested : ownersOf(resources, scope)
  const kept = scope.filter((name) => {
    const owners = resources.owners.get(name)
    return owners === undefined || owners.some((owner) => aud.includes(owner))
  })
  if (kept.includes('openid') || aud.length === 0) return { aud: [...aud, resources.issuer], scope: kept }
  return { aud, scope: kept }
}

/**
 * Checks `resource` parameters against what the scopes reach (RFC 8707 §2). Throws `oauth/invalid_target`.
 */
export function checkResources(
  resources: Resources,
  scope: readonly string[],
  requested: readonly string[],
): readonly string[] {
  const distinct = [...new Set(requested)]
  for (const identifier of distinct) {
    if (!resources.identifiers.has(identifier)) throw invalidTarget('the resource is unknown')
    if (!scope.some((name) => resources.owners.get(name)?.includes(identifier))) {
      throw invalidTarget('no scope of the request belongs to the resource')
    }
  }
  return distinct
}

function ownersOf(resources: Resources, scope: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const name of scope) {
    const owners = resources.owners.get(name)
    if (owners === undefined) continue
    if (owners.length > 1)
      throw invalidTarget('a scope belongs to several resources; name one with the resource parameter')
    for (const owner of owners) found.add(owner)
  }
  return [...found]
}

function isResourceIdentifier(identifier: string): boolean {
  return URL.canParse(identifier) && !identifier.includes('#') && identifier.length <= 512
}

function invalidTarget(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_target', `Cannot grant the request: ${reason}`)
}

function refusal(identifier: string, wrong: string): AuthorityError {
  return new AuthorityError('authority/settings', `Cannot take the resource ${identifier}: it ${wrong}`)
}

/** A scope as a person is shown it. */
export interface DescribedScope {
  readonly name: string
  readonly description: string
  /** The description by language, where the resource gives it in several; the first is `description`. */
  readonly inLanguages?: { readonly [language: string]: string }
}

export function describedScope(name: string, { scopes }: Resources): DescribedScope {
  const text = scopes.get(name) ?? name
  if (typeof text === 'string') return { name, description: text }
  return { name, description: Object.values(text)[0] ?? name, inLanguages: text }
}

function isScopeText(text: ScopeText): boolean {
  if (typeof text === 'string') return true
  const entries = Object.entries(text)
  return entries.length > 0 && entries.every(([tag, words]) => isLanguageTag(tag) && words !== '')
}

/** `offline_access` changes nothing: whether refresh tokens come is the client's registration. Libraries ask for it. */
const OWN_SCOPES = {
  openid: 'Know who you are',
  profile: 'See your name',
  email: 'See your e-mail address',
  offline_access: 'Stay connected while you are away',
}
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/
