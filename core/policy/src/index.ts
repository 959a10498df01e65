export { type Audience, audienceIncludes, isSoleAudience } from './audience.ts'
export type {
  AccessClaims,
  ClaimsOf,
  Confirmation,
  IdClaims,
  LogoutClaims,
  RegisteredClaims,
} from './claims.ts'
export { type Decision, type DenyReason, decide } from './decide.ts'
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
export { type KindRule, type TokenKind, tokenKinds } from './kinds.ts'
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
export { defineProfile, type Profile, type ProfileOptions } from './profile.ts'
export type { ReplayStore } from './replay-store.ts'
export { isScope, parseScope, scopeIncludes } from './scopes.ts'
