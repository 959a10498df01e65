import type { JsonObject, JsonValue, VerifiedClaims } from '@jotwarden/token'
import type { Audience } from './audience.ts'
import type { TokenKind } from './kinds.ts'
import { isScope } from './scopes.ts'

/** The registered claims that we know, each with the type its standard gives it. Times are seconds since the epoch. */
export interface RegisteredClaims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: Audience
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
  readonly client_id?: string
  readonly azp?: string
  readonly scope?: string
  readonly sid?: string
  /** The sign-in that the session was granted under, so that one mark takes back all that hangs on it. */
  readonly login?: string
  readonly nonce?: string
  readonly auth_time?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly at_hash?: string
  readonly cnf?: Confirmation
  /** The head of the revocation log as the issuer read it before issuing. */
  readonly rev?: number
  readonly events?: JsonObject
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

/** The proof of possession that a token demands (RFC 7800 §3.1). */
export type Confirmation = JsonObject & {
  /** Thumbprint of the DPoP key (RFC 9449 §6.1). */
  readonly jkt?: string
  /** Thumbprint of the client certificate (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string
}

/** Says whether every registered claim that we know has its type. A wrong type is never taken for an absence. */
export function areWellFormed(claims: VerifiedClaims): claims is VerifiedClaims & RegisteredClaims {
  for (const name of Object.keys(claims)) if (claimShapes.get(name)?.(claims[name]) === false) return false
  return true
}

/** Says whether `cnf` holds a confirmation that we understand. One of unknown members alone does not. */
export function isKnownConfirmation(cnf: Confirmation): boolean {
  return confirmations.some((name) => Object.hasOwn(cnf, name))
}

type Shape = (value: JsonValue | undefined) => boolean

const isText: Shape = (value) => typeof value === 'string' && value !== ''
const isScopeText: Shape = (value) => typeof value === 'string' && isScope(value)
const isTexts: Shape = (value) => Array.isArray(value) && value.every(isText)
// RFC 7519 §2 allows fractions. Above 2^53 a double no longer counts seconds
const isNumericDate: Shape = (value) =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
const isCount: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const isAudience: Shape = (value) =>
  isText(value) || (isTexts(value) && Array.isArray(value) && value.length > 0)
const isThumbprint: Shape = (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)
const isFilledObject: Shape = (value) => isObject(value) && Object.keys(value).length > 0
const isConfirmation: Shape = (value) =>
  isObject(value) && confirmations.every((name) => !Object.hasOwn(value, name) || isThumbprint(value[name]))

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const confirmations = ['jkt', 'x5t#S256'] as const

const claimShapes: ReadonlyMap<string, Shape> = new Map([
  ['iss', isText],
  ['sub', isText],
  ['aud', isAudience],
  ['exp', isNumericDate],
  ['nbf', isNumericDate],
  ['iat', isNumericDate],
  ['jti', isText],
  ['client_id', isText],
  ['azp', isText],
  ['scope', isScopeText],
  ['sid', isText],
  ['login', isText],
  ['nonce', isText],
  ['auth_time', isNumericDate],
  ['acr', isText],
  ['amr', isTexts],
  ['at_hash', isText],
  ['cnf', isConfirmation],
  ['rev', isCount],
  ['events', isFilledObject],
  ['sub_id', isFilledObject],
  ['htm', isText],
  ['htu', isText],
  ['ath', isThumbprint],
  ['response_type', isText],
  ['token_introspection', isFilledObject],
  ['status_list', isFilledObject],
])
