import type { Account } from './account-store.ts'
import type { Recorder } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'

/** An account of the authority's own, with its password hash as a PHC string. */
export interface AccountRecord extends Account {
  readonly passwordHash: string
  readonly credentialVersion: number
  /** Seconds since the epoch. */
  readonly createdAt: number
  /** Milliseconds that a check of an imported hash takes, about; absent once the hash is the authority's own. */
  readonly importedWork?: number
}

/** Whether the act found what it was to change. */
export type AccountOutcome = 'done' | 'unknown'

/** What became of many accounts that were to be added at once: `taken` are those whose username or subject is in use. */
export type AddedAll =
  | { readonly outcome: 'added' }
  | { readonly outcome: 'exists'; readonly taken: readonly AccountRecord[] }

/** Where accounts of the authority's own are kept. Usernames are unique within an issuer, compared as given (already normalised). */
export interface AccountRecords {
  /** Adds the account; of two concurrent calls with one username (or one subject) exactly one is answered `added`. */
  add(issuer: string, account: AccountRecord, events: readonly SecurityEvent[]): Promise<'added' | 'exists'>
  /** Adds all of the accounts, or none when a username or subject of one is in use, among them or before. */
  addAll(
    issuer: string,
    accounts: readonly AccountRecord[],
    events: readonly SecurityEvent[],
  ): Promise<AddedAll>
  findByUsername(issuer: string, username: string): Promise<AccountRecord | undefined>
  find(issuer: string, subject: string): Promise<AccountRecord | undefined>
  /** All accounts, by username. */
  list(issuer: string): Promise<readonly AccountRecord[]>
  /** Of the hashes with `importedWork`, one that has the most. */
  costliestImported(issuer: string): Promise<string | undefined>
  /**
   * Replaces the hash only if it is still `from` (a rehash must not undo a password change); ends nothing. The new one is
   * the authority's own.
   */
  rehash(issuer: string, subject: string, from: string, to: string): Promise<'done' | 'stale'>
  /** Sets a new password as the authority's own hash, moves `credentialVersion` on and, in the same act, ends the subject's logins and sessions and voids the codes. */
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
  /**
   * Deletes the account and all other rows of the subject: consents, logins, sessions, codes. Events and marks stay, which
   * name it by its subject alone.
   */
  erase(issuer: string, subject: string, record: Recorder<AccountOutcome>): Promise<AccountOutcome>
}
