import type { JsonObject, JsonValue, VerifiedClaims } from '@jotwarden/token'
import type { Audience } from './audience.ts'
import { confirmations } from './claim-shapes.ts'
import type { TokenKind } from './kinds.ts'

/**
 * The claims that a standard has given a meaning, each with the type that is checked: `claimTable` has a row for each.
 * Times are seconds since the epoch. What is marked so passes only where the kind of token or the profile takes care
 * of it.
 */
export interface RegisteredClaims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: Audience
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
  readonly client_id?: string
  readonly scope?: string
  /** Restricts. Who acts for the subject: the current actor is the outermost (RFC 8693 §4.1). */
  readonly act?: JsonObject
  readonly may_act?: JsonObject
  readonly auth_time?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly sid?: string
  /** Restricts, as does each hash of OpenID Connect. */
  readonly nonce?: string
  readonly at_hash?: string
  readonly c_hash?: string
  readonly s_hash?: string
  /** Restricts. The client that the token was issued to (OpenID Connect Core §2). */
  readonly azp?: string
  /** Restricts. The key of a subject who signs for himself (Self-Issued OpenID Provider v2 §11.1). */
  readonly sub_jwk?: JsonObject
  /** The sign-in that the session was granted under, so that one mark takes back all that hangs on it. */
  readonly login?: string
  /** The head of the revocation log as the issuer read it before issuing. */
  readonly rev?: number
  /** Restricts. The key that has to be proved with the token. */
  readonly cnf?: Confirmation
  /** Restricts, as do `htu` and `ath`: the request that a proof is for (RFC 9449 §4.2). */
  readonly htm?: string
  readonly htu?: string
  readonly ath?: string
  /** Restricts. What was granted, piece by piece (RFC 9396 §9.1). */
  readonly authorization_details?: readonly (JsonObject & { readonly type: string })[]
  /** Restricts, as do `request` and `request_uri`: the token asks and grants nothing (RFC 9101 §4). */
  readonly response_type?: string
  readonly request?: string
  readonly request_uri?: string
  /** Restricts. The token tells of something and grants nothing (RFC 8417 §2.2). */
  readonly events?: JsonObject
  readonly txn?: string
  readonly toe?: number
  /** Restricts. Says in another way than `sub` whom the token is about (RFC 9493 §4.1). */
  readonly sub_id?: JsonObject
  /** Restricts. */
  readonly token_introspection?: JsonObject
  /** Restricts. */
  readonly status_list?: JsonObject
  /** Restricts. Where it is said whether the token still stands (draft-ietf-oauth-status-list §6.1). */
  readonly status?: JsonObject
  readonly ttl?: number
  /** Restricts, as do `_sd_alg` and `sd_hash`: what is there is not all that was signed (RFC 9901 §4). */
  readonly _sd?: readonly string[]
  readonly _sd_alg?: string
  readonly sd_hash?: string
  /** Restricts, as do `vc` and `vp`: a credential that somebody presents is no token. */
  readonly vct?: string
  readonly vc?: JsonObject
  readonly vp?: JsonObject
  /** Restricts. Names of claims that have to be understood (OpenID Federation §3.1.1). */
  readonly crit?: readonly string[]
  /** Restricts, as do the other two: a signed URI (RFC 9246 §2.1). */
  readonly cdnicrit?: string
  readonly cdniip?: string
  readonly cdniuc?: string
  /** Restricts. Seconds until the end, for readers without a clock (RFC 9200 §5.10.3). */
  readonly exi?: number
  readonly cnonce?: string
  /** Restricts. How often the token may be used (ETSI GS NFV-SEC 022). */
  readonly at_use_nbr?: number
  /** Restricts. An attestation: its profile says what every other claim means (RFC 9711 §4.3.2). */
  readonly eat_profile?: JsonValue
  readonly eat_nonce?: JsonValue
}

/** Claims of which some are certain to be there. */
type With<Name extends keyof RegisteredClaims> = VerifiedClaims &
  RegisteredClaims &
  Required<Pick<RegisteredClaims, Name>>

/** The claims of an access token (RFC 9068 §2.2). */
export type AccessClaims = With<'iss' | 'sub' | 'aud' | 'exp' | 'iat' | 'jti' | 'client_id'>

/** The claims of an ID token (OpenID Connect Core §2). */
export type IdClaims = With<'iss' | 'sub' | 'aud' | 'exp' | 'iat'>

/** The claims of a logout token (OpenID Connect Back-Channel Logout §2.4). */
export type LogoutClaims = With<'iss' | 'aud' | 'exp' | 'iat' | 'jti' | 'events'>

/** What a token of each kind holds once `decide` has allowed it. */
export type ClaimsOf<K extends TokenKind> = K extends 'access'
  ? AccessClaims
  : K extends 'id'
    ? IdClaims
    : K extends 'logout'
      ? LogoutClaims
      : VerifiedClaims

/**
 * The claims of a kind together with what a schema has made of the others. A registered claim keeps its value and its
 * type, whatever the schema says.
 */
export type TypedClaims<K extends TokenKind, T> = ClaimsOf<K> & OwnClaims<T>
type OwnClaims<T> = T extends unknown ? Omit<T, keyof RegisteredClaims> : never

/** The proof of possession that a token demands (RFC 7800 §3.1). */
export type Confirmation = JsonObject & {
  /** Thumbprint of the DPoP key (RFC 9449 §6.1). */
  readonly jkt?: string
  /** Thumbprint of the client certificate (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string
}

/** Says whether `cnf` holds a confirmation that we understand. One of unknown members alone does not. */
export function isKnownConfirmation(cnf: Confirmation): boolean {
  return confirmations.some((name) => Object.hasOwn(cnf, name))
}
