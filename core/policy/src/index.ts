export { type AccessProfileOptions, accessProfile } from './access-profile.ts'
export { type Audience, audienceIncludes, isSoleAudience } from './audience.ts'
export { type ClaimEntry, claimTable } from './claim-table.ts'
export type {
  AccessClaims,
  ClaimsOf,
  Confirmation,
  IdClaims,
  LogoutClaims,
  RegisteredClaims,
  TypedClaims,
} from './claims.ts'
export { decide } from './decide.ts'
export type { Decision, DenyReason } from './decision.ts'
export { type DemandedClaims, type DemandOptions, type Demands, defineDemands, demand } from './demand.ts'
export { PolicyError, type PolicyErrorCode } from './errors.ts'
export {
  type FeedEnd,
  type FeedHead,
  type FeedHello,
  type FeedMarks,
  type FeedMessage,
  formatFeedMessage,
  parseFeedMessage,
} from './feed-message.ts'
export { isIssuerIdentifier } from './issuer.ts'
export {
  accessKind,
  clientAssertionKind,
  databaseBackedKind,
  dpopProofKind,
  idKind,
  introspectionResponseKind,
  type KindRule,
  localSessionKind,
  logoutKind,
  requestObjectKind,
  securityEventKind,
  statusListKind,
  type TokenKind,
  tokenKinds,
} from './kinds.ts'
export {
  epochOf,
  firstOfEpoch,
  isMarkKind,
  type Mark,
  type MarkedToken,
  type MarkKind,
  markKinds,
} from './mark.ts'
export { MarkSet } from './mark-set.ts'
export { defineProfile, type ProfileOptions } from './profile.ts'
export { defineProfileByName, type NamedProfileOptions } from './profile-by-name.ts'
export type { Profile } from './profile-of-terms.ts'
export type { ReplayStore } from './replay-store.ts'
export { isScope, parseScope, scopeIncludes } from './scopes.ts'
export type { OptionFault } from './shared-options.ts'
export type { SchemaResult, StandardSchema } from './standard-schema.ts'
export { type Validity, validityOf } from './validity.ts'
