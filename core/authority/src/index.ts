export {
  type AccountImport,
  type AccountImportParts,
  createAccountImport,
  type ImportedAccount,
} from './account-import.ts'
export type { AccountOutcome, AccountRecord, AccountRecords, AddedAll } from './account-records.ts'
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
  OwnPageStep,
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
export type {
  ClientImport,
  ImportedClient,
  ImportFinding,
  ImportOptions,
  ImportOutcome,
} from './client-import.ts'
export {
  type ClientSecret,
  type DecidedSecrets,
  decideSecretEnd,
  decideSecretRotation,
  isValidSecret,
  notedUse,
  type SecretEndOutcome,
  type SecretRotation,
  type SecretRotationOutcome,
} from './client-secret.ts'
export type {
  RotatedSecret,
  SecretAdministration,
  SecretReplacement,
} from './client-secret-administration.ts'
export type { AddedClients, Client, ClientStore, GrantType } from './client-store.ts'
export type { ClientAdministration, NewClient } from './clients.ts'
export type { Code, CodeStore, RedeemOutcome } from './code-store.ts'
export type { Consent, ConsentStore, Withdrawal } from './consent-store.ts'
export { type BrowserKind, type Device, deviceOf, type Platform } from './device.ts'
export { AuthorityError, type AuthorityErrorCode } from './errors.ts'
export { FAMILIAR_FOR } from './familiar-network.ts'
export type { TokenRequest, TokenResponse } from './grant-pipeline.ts'
export type { HolderRecords } from './holder-records.ts'
export {
  type Departure,
  decideHolding,
  departed,
  type HeldSecret,
  type Holding,
  isHeldSecret,
  MOST_HOLDERS,
  type NewHolding,
  opensKeys,
} from './holdings.ts'
export {
  createLocalAccounts,
  type LocalAccounts,
  type LocalAccountsParts,
  type NewAccount,
} from './local-accounts.ts'
export type { EndedLogins, Login, LoginChoice, LoginPlace, LoginStore } from './login-store.ts'
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
export { networkPrefix } from './network.ts'
export type { Notice, NoticeKind, Notices } from './notice.ts'
export { type OAuthForm, parseOAuthForm } from './oauth-form.ts'
export { observeStores, type StoreObserver } from './observed-stores.ts'
export { digestsOf, type RemainingStep, remainingSteps, type SecretFacts } from './offboarding.ts'
export {
  type OwnAct,
  type OwnEnded,
  type OwnEnding,
  type OwnSessions,
  readOwnEnding,
} from './own-sessions.ts'
export type { OwnApp, OwnSession, OwnSessionsPage, OwnSessionsView, OwnSignIn } from './own-sessions-view.ts'
export type { Hold, PasswordHasher } from './password-hasher.ts'
export type { CommonPasswords } from './password-rules.ts'
export { CODE_RETENTION, MARK_RETENTION, type PruneOrder } from './pruning.ts'
export type { Guess, GuessKind, GuessOutcome, RateLimiter } from './rate-limiter.ts'
export { NOTHING, noted, type Recorder, type Recording } from './recording.ts'
export {
  type DescribedScope,
  describedScope,
  type ResourceServer,
  type Resources,
  type ScopeText,
} from './resources.ts'
export type { FeedReader, Revocation } from './revocation.ts'
export type { LogHead, LogPage, NewEpoch, RevocationLog } from './revocation-log.ts'
export {
  accountErased,
  clientRevoked,
  issuerRevoked,
  keyCompromised,
  loginEnded,
  sessionEnded,
  subjectRevoked,
  together,
} from './revoked.ts'
export { createRoster, type Roster, type RosterParts } from './roster.ts'
export { decideRotation, type Rotation, type RotationOutcome } from './rotation.ts'
export type {
  EventStore,
  SecurityEvent,
  SecurityEventType,
  StoredSecurityEvent,
} from './security-event.ts'
export {
  type EndCause,
  placeOf,
  type Session,
  type SessionPlace,
  type SessionSelector,
  type SessionStore,
} from './session-store.ts'
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
export { readUiLocales } from './ui-locales.ts'
