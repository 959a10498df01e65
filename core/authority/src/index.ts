export type { AccountOutcome, AccountRecord, AccountRecords } from './account-records.ts'
export type { Account, AccountStore, PasswordVerdict } from './account-store.ts'
export {
  type Authority,
  type AuthorityOptions,
  type AuthorizationEndpoint,
  createAuthority,
} from './authority.ts'
export type { AuthorizationRequest, Prompt } from './authorization-request.ts'
export { ascii } from './authorization-response.ts'
export type {
  AuthorizationStep,
  Browser,
  ConsentStep,
  LoginStep,
  PageStep,
  RedirectStep,
  SignInStep,
} from './authorization-step.ts'
export {
  type ClaimDeclaration,
  type ClaimPlace,
  type ClaimsContext,
  type ClaimsHook,
  defineClaims,
  type ResolvedClaims,
} from './claims-hook.ts'
export type { Client, ClientStore, GrantType } from './client-store.ts'
export type { ClientAdministration, NewClient } from './clients.ts'
export type { Code, CodeStore, RedeemOutcome } from './code-store.ts'
export type { Consent, ConsentStore } from './consent-store.ts'
export { AuthorityError, type AuthorityErrorCode } from './errors.ts'
export type { TokenRequest, TokenResponse } from './grant-pipeline.ts'
export {
  createLocalAccounts,
  type LocalAccounts,
  type LocalAccountsParts,
  type NewAccount,
} from './local-accounts.ts'
export type { Login, LoginStore } from './login-store.ts'
export type { Logout, LogoutStep } from './logout.ts'
export {
  type DecidedMarks,
  decideMark,
  type LogState,
  type MarkOwner,
  type NewMark,
  QUOTA,
  type StoredMark,
  supersedes,
} from './marks.ts'
export { createMemoryRateLimiter } from './memory-rate-limiter.ts'
export type { Notice, NoticeKind, Notices } from './notice.ts'
export { type OAuthForm, parseOAuthForm } from './oauth-form.ts'
export type { PasswordHasher } from './password-hasher.ts'
export type { CommonPasswords } from './password-rules.ts'
export type { Guess, GuessKind, GuessOutcome, RateLimiter } from './rate-limiter.ts'
export { NOTHING, noted, type Recorder, type Recording } from './recording.ts'
export type { ResourceServer, Resources } from './resources.ts'
export type { Revocation } from './revocation.ts'
export type { LogHead, LogPage, NewEpoch, RevocationLog } from './revocation-log.ts'
export {
  clientRevoked,
  issuerRevoked,
  keyCompromised,
  loginEnded,
  sessionEnded,
  subjectRevoked,
  together,
} from './revoked.ts'
export { decideRotation, type Rotation, type RotationOutcome } from './rotation.ts'
export type {
  EventStore,
  SecurityEvent,
  SecurityEventType,
  StoredSecurityEvent,
} from './security-event.ts'
export type { EndCause, Session, SessionSelector, SessionStore } from './session-store.ts'
export type { SessionRefresh, SessionStart, SessionSummary, Sessions } from './sessions.ts'
export { defineSettings, type Settings, type SettingsOptions } from './settings.ts'
export type { SignIn } from './sign-in.ts'
export type { Stores } from './stores.ts'
export {
  type Bucket,
  type BucketScope,
  bucketsOf,
  counted,
  forgottenAt,
  type Tally,
  waitOf,
  withdrawn,
} from './throttle.ts'
export type { RevocationOutcome } from './token-revocation.ts'
