import {
  isAnything,
  isAudience,
  isConfirmation,
  isCount,
  isEvents,
  isFilledObject,
  isNumericDate,
  isScopeText,
  isText,
  isTexts,
  isThumbprint,
  isTypedObjects,
  type Shape,
} from './claim-shapes.ts'
import type { RegisteredClaims } from './claims.ts'

/** What one claim is. */
export interface ClaimEntry {
  readonly shape: Shape
  /**
   * Whether it restricts or redirects what the token is good for, so that a reader who passes over it is wrong about
   * the token. Such a claim passes only where the kind of token understands it or the profile declares it.
   */
  readonly restricts: boolean
}

function describes(shape: Shape): ClaimEntry {
  return { shape, restricts: false }
}

function restricts(shape: Shape): ClaimEntry {
  return { shape, restricts: true }
}

/**
 * The one table of claims with a standard meaning. A name that is not here is an attribute, as `roles`, `groups`,
 * `entitlements` (RFC 9068 §2.2.3.1) and private names are: it adds to what is known, and passing over it is safe.
 */
const table: { readonly [Name in keyof RegisteredClaims]-?: ClaimEntry } = {
  // RFC 7519 §4.1. Whether a date has come or gone is asked of every kind
  iss: describes(isText),
  sub: describes(isText),
  aud: restricts(isAudience),
  exp: describes(isNumericDate),
  nbf: describes(isNumericDate),
  iat: describes(isNumericDate),
  jti: describes(isText),
  // RFC 8693 §4. `may_act` only permits, and permits nothing here; `scope` is asked for by demands
  client_id: describes(isText),
  scope: describes(isScopeText),
  act: restricts(isFilledObject),
  may_act: describes(isFilledObject),
  // OpenID Connect Core §2, §3.3.2.11, and its logout specifications; RFC 8485
  auth_time: describes(isNumericDate),
  acr: describes(isText),
  amr: describes(isTexts),
  sid: describes(isText),
  nonce: restricts(isText),
  azp: restricts(isText),
  at_hash: restricts(isText),
  c_hash: restricts(isText),
  s_hash: restricts(isText),
  sub_jwk: restricts(isFilledObject),
  // Ours: the sign-in, and the head of the revocation log
  login: describes(isText),
  rev: describes(isCount),
  // RFC 7800 §3.1, RFC 9449 §4.2
  cnf: restricts(isConfirmation),
  htm: restricts(isText),
  htu: restricts(isText),
  ath: restricts(isThumbprint),
  // RFC 9396 §9.1
  authorization_details: restricts(isTypedObjects),
  // RFC 9101 §4
  response_type: restricts(isText),
  request: restricts(isText),
  request_uri: restricts(isText),
  // RFC 8417 §2.2, RFC 9493 §4.1
  events: restricts(isEvents),
  txn: describes(isText),
  toe: describes(isNumericDate),
  sub_id: restricts(isFilledObject),
  // RFC 9701 §5, draft-ietf-oauth-status-list §5.1, §6.1
  token_introspection: restricts(isFilledObject),
  status_list: restricts(isFilledObject),
  status: restricts(isFilledObject),
  ttl: describes(isCount),
  // RFC 9901 §4: what is there is not all that was signed. A credential is not a token (W3C VC Data Model 1.1 §6.3)
  _sd: restricts(isTexts),
  _sd_alg: restricts(isText),
  sd_hash: restricts(isText),
  vct: restricts(isText),
  vc: restricts(isFilledObject),
  vp: restricts(isFilledObject),
  // OpenID Federation §3.1.1, RFC 9246 §2.1: names of claims that have to be understood
  crit: restricts(isTexts),
  cdnicrit: restricts(isText),
  cdniip: restricts(isText),
  cdniuc: restricts(isText),
  // RFC 9200 §5.10.3: an end without a clock, and a nonce of the reader; ETSI GS NFV-SEC 022: how often it may be used
  exi: restricts(isCount),
  cnonce: restricts(isText),
  at_use_nbr: restricts(isCount),
  // RFC 9711 §4.3.2: a profile of attestation says what every other claim means
  eat_profile: restricts(isAnything),
  eat_nonce: restricts(isAnything),
}

/** Every claim to which a standard gives a meaning, by name; any other describes. */
export const claimTable: ReadonlyMap<string, ClaimEntry> = new Map(Object.entries(table))
