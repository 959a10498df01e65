export type { AccountOutcome, AccountRecord, AccountRecords } from './account-records.ts'
export type { Account, AccountStore, PasswordVerdict } from './account-store.ts'
export type { Client, ClientStore, GrantType } from './client-store.ts'
export type { Code, CodeStore, RedeemOutcome } from './code-store.ts'
export type { Consent, ConsentStore } from './consent-store.ts'
export { AuthorityError, type AuthorityErrorCode } from './errors.ts'
export type { Login, LoginStore } from './login-store.ts'
export type { PasswordHasher } from './password-hasher.ts'
export { decideRotation, type Rotation, type RotationOutcome } from './rotation.ts'
export type {
  EventStore,
  Recorder,
  SecurityEvent,
  SecurityEventType,
  StoredSecurityEvent,
} from './security-event.ts'
export type { EndCause, Session, SessionSelector, SessionStore } from './session-store.ts'
export type { Stores } from './stores.ts'
