import type { Account } from './account-store.ts'
import type { Recorder } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'

/** An account of the authority's own, with its password hash as a PHC string. */
export interface AccountRecord extends Account {
  readonly passwordHash: string
  readonly credentialVersion: number
  /** Seconds since the epoch. */
  readonly createdAt: number
}

/** Whether the act found what it was to change. */
export type AccountOutcome = 'done' | 'unknown'

/** Where accounts of the authority's own are kept. Usernames are unique within an issuer, compared as given (already normalised). */
export interface AccountRecords {
  /** Adds the account; of two concurrent calls with one username (or one subject) exactly one is answered `added`. */
  add(issuer: string, account: AccountRecord, events: readonly SecurityEvent[]): Promise<'added' | 'exists'>
  findByUsername(issuer: string, username: string): Promise<AccountRecord | undefined>
  find(issuer: string, subject: string): Promise<AccountRecord | undefined>
  /** All accounts, by username. */
  list(issuer: string): Promise<readonly AccountRecord[]>
  /** Replaces the hash only if it is still `from` (a rehash must not undo a password change); ends nothing. */
  rehash(issuer: string, subject: string, from: string, to: string): Promise<'done' | 'stale'>
  /** Sets a new password, moves `credentialVersion` on and, in the same act, ends the subject's logins and sessions and voids the codes. */
  changePassword(
    issuer: string,
    subject: string,
    hash: string,
    now: number,
    record: Recorder<AccountOutcome>,
  ): Promise<AccountOutcome>
  /** Disables the account, moves `credentialVersion` on and, in the same act, ends the subject's logins and sessions and voids the codes. */
  disable(
    issuer: string,
    subject: string,
    now: number,
    record: Recorder<AccountOutcome>,
  ): Promise<AccountOutcome>
  enable(issuer: string, subject: string, record: Recorder<AccountOutcome>): Promise<AccountOutcome>
  /** Removes the account, its consents, and in the same act ends the subject's logins and sessions and voids the codes. */
  remove(
    issuer: string,
    subject: string,
    now: number,
    record: Recorder<AccountOutcome>,
  ): Promise<AccountOutcome>
}
