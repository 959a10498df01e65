import type { Check } from './checklist.ts'
import { eventNamed, othersThanIssuer, sameText, soleAudience } from './kind-checks.ts'

/** The kinds of token this system knows. Each is one row, and all of them are {@link tokenKinds}. */
export type TokenKind =
  | 'access'
  | 'id'
  | 'logout'
  | 'dpop-proof'
  | 'client-assertion'
  | 'request-object'
  | 'introspection-response'
  | 'status-list'
  | 'security-event'
  | 'database-backed'
  | 'local-session'

/** What makes a token one of its kind, and of no other (RFC 8725 §3.12). */
export interface KindRule<K extends TokenKind = TokenKind> {
  readonly kind: K
  /** The `typ` header as we write it; compared as RFC 8725 §3.11 compares media types. */
  readonly typ: string
  /** Whose key signs: the authority's, the client's, or the key that the token itself proves. */
  readonly signer: 'issuer' | 'client' | 'holder'
  readonly required: readonly string[]
  readonly forbidden: readonly string[]
  /**
   * Claims that restrict, beside the required ones, of which `decide` or every reader of the kind takes care. Any other
   * has to be declared by the profile.
   */
  readonly understood: readonly string[]
  /** Claims of which at least one must be there; empty when the kind asks for none. */
  readonly anyOf: readonly string[]
  /** What its claims have to say beside what is asked of every kind. */
  readonly checks: readonly Check[]
  /** Seconds from `iat` to `exp`; where the kind has no `exp`, seconds from `iat` until it is too old. */
  readonly longestLifetime: number
}

/** RFC 9068 §2.1–2.2; one hour at most, because a bearer of it needs nothing else. */
export const accessKind: KindRule<'access'> = {
  kind: 'access',
  typ: 'at+jwt',
  signer: 'issuer',
  required: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'],
  forbidden: [
    'nonce',
    'at_hash',
    'c_hash',
    's_hash',
    'events',
    'htm',
    'htu',
    'token_introspection',
    'status_list',
  ],
  understood: ['cnf', 'azp'],
  anyOf: [],
  checks: [],
  longestLifetime: 3600,
}

/** OpenID Connect Core §2. Its `typ` says nothing (RFC 8725bis §3.11), so the claims have to. */
export const idKind: KindRule<'id'> = {
  kind: 'id',
  typ: 'JWT',
  signer: 'issuer',
  required: ['iss', 'sub', 'aud', 'exp', 'iat'],
  forbidden: [
    'client_id',
    'scope',
    'events',
    'htm',
    'htu',
    'cnf',
    'response_type',
    'token_introspection',
    'status_list',
  ],
  understood: ['nonce', 'azp', 'at_hash', 'c_hash', 's_hash'],
  anyOf: [],
  checks: [soleAudience, othersThanIssuer],
  longestLifetime: 3600,
}

/** OpenID Connect Back-Channel Logout §2.4: two minutes recommended, `nonce` prohibited. */
export const logoutKind: KindRule<'logout'> = {
  kind: 'logout',
  typ: 'logout+jwt',
  signer: 'issuer',
  required: ['iss', 'aud', 'exp', 'iat', 'jti', 'events'],
  forbidden: ['nonce', 'client_id', 'scope', 'sub_id', 'status_list'],
  understood: [],
  anyOf: ['sub', 'sid'],
  checks: [soleAudience, ({ events }) => eventNamed(backchannelLogout, events)],
  longestLifetime: 120,
}

/** RFC 9449 §4.2: no issuer, audience or expiry asked for; fresh for a minute. */
export const dpopProofKind: KindRule<'dpop-proof'> = {
  kind: 'dpop-proof',
  typ: 'dpop+jwt',
  signer: 'holder',
  required: ['jti', 'htm', 'htu', 'iat'],
  forbidden: ['sub', 'client_id', 'scope', 'events', 'response_type', 'token_introspection', 'status_list'],
  understood: ['ath', 'nonce'],
  anyOf: [],
  checks: [],
  longestLifetime: 60,
}

/** RFC 7523 §3 as draft-ietf-oauth-rfc7523bis narrows it: the authority is the sole audience. */
export const clientAssertionKind: KindRule<'client-assertion'> = {
  kind: 'client-assertion',
  typ: 'client-authentication+jwt',
  signer: 'client',
  required: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti'],
  forbidden: ['client_id', 'scope', 'sid', 'nonce', 'events', 'htm', 'htu', 'response_type', 'status_list'],
  understood: [],
  anyOf: [],
  checks: [soleAudience, ({ iss, sub }) => sameText(iss, sub)],
  longestLifetime: 300,
}

/** RFC 9101 §4, §10.8: no `sub`, and no request within a request. */
export const requestObjectKind: KindRule<'request-object'> = {
  kind: 'request-object',
  typ: 'oauth-authz-req+jwt',
  signer: 'client',
  required: ['iss', 'aud', 'exp', 'client_id', 'response_type'],
  forbidden: ['sub', 'request', 'request_uri', 'events', 'htm', 'htu', 'token_introspection', 'status_list'],
  understood: ['nonce'],
  anyOf: [],
  checks: [soleAudience, ({ iss, client_id }) => sameText(iss, client_id)],
  longestLifetime: 3600,
}

/** RFC 9701 §5: what it says of a token stands one level down, so that it is never taken for that token. */
export const introspectionResponseKind: KindRule<'introspection-response'> = {
  kind: 'introspection-response',
  typ: 'token-introspection+jwt',
  signer: 'issuer',
  required: ['iss', 'aud', 'iat', 'token_introspection'],
  forbidden: ['sub', 'exp', 'client_id', 'scope', 'events', 'htm', 'htu', 'status_list'],
  understood: [],
  anyOf: [],
  checks: [],
  longestLifetime: 300,
}

/** draft-ietf-oauth-status-list §5.1; `exp` is ours to demand: a list without an end never goes stale. */
export const statusListKind: KindRule<'status-list'> = {
  kind: 'status-list',
  typ: 'statuslist+jwt',
  signer: 'issuer',
  required: ['iss', 'sub', 'iat', 'exp', 'status_list'],
  forbidden: ['aud', 'client_id', 'scope', 'nonce', 'events', 'htm', 'htu', 'token_introspection'],
  understood: [],
  anyOf: [],
  checks: [],
  longestLifetime: 86_400,
}

/** RFC 8417 §2.2 with the Shared Signals profile: no `sub`, no `exp`; a week is the retry window of delivery. */
export const securityEventKind: KindRule<'security-event'> = {
  kind: 'security-event',
  typ: 'secevent+jwt',
  signer: 'issuer',
  required: ['iss', 'aud', 'iat', 'jti', 'events', 'sub_id'],
  forbidden: ['sub', 'exp', 'client_id', 'scope', 'nonce', 'status_list', 'token_introspection'],
  understood: [],
  anyOf: [],
  checks: [],
  longestLifetime: 604_800,
}

/** Ours: the row carries subject and scope, so the token must not. */
export const databaseBackedKind: KindRule<'database-backed'> = {
  kind: 'database-backed',
  typ: 'ref+jwt',
  signer: 'issuer',
  required: ['iss', 'aud', 'exp', 'iat', 'jti'],
  forbidden: [
    'sub',
    'client_id',
    'scope',
    'nonce',
    'events',
    'htm',
    'htu',
    'token_introspection',
    'status_list',
  ],
  understood: ['cnf'],
  anyOf: [],
  checks: [],
  longestLifetime: 86_400,
}

/** Ours: made and read by the same party, so that issuer and audience are one. */
export const localSessionKind: KindRule<'local-session'> = {
  kind: 'local-session',
  typ: 'local-session+jwt',
  signer: 'issuer',
  required: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'sid'],
  forbidden: ['client_id', 'scope', 'nonce', 'events', 'htm', 'htu', 'token_introspection', 'status_list'],
  understood: [],
  anyOf: [],
  checks: [soleAudience, ({ iss, aud }) => sameText(iss, aud)],
  longestLifetime: 28_800,
}

/** The one table of token kinds. Who needs a single row imports it alone, so that a bundle has no other. */
export const tokenKinds: { readonly [K in TokenKind]: KindRule<K> } = {
  access: accessKind,
  id: idKind,
  logout: logoutKind,
  'dpop-proof': dpopProofKind,
  'client-assertion': clientAssertionKind,
  'request-object': requestObjectKind,
  'introspection-response': introspectionResponseKind,
  'status-list': statusListKind,
  'security-event': securityEventKind,
  'database-backed': databaseBackedKind,
  'local-session': localSessionKind,
}

const backchannelLogout = 'http://schemas.openid.net/event/backchannel-logout'
