import type { Secret } from '@jotwarden/token'
import type { Hold } from './password-hasher.ts'

/** What the authority may know and say of a person. */
export interface Account {
  /** Never reassigned, never an e-mail address or a number that can be counted up. */
  readonly subject: string
  readonly username: string
  readonly name: string | null
  readonly email: string | null
  readonly emailVerified: boolean
  readonly disabled: boolean
  /**
   * Moves when the person's password is replaced or the account disabled, so that a sign-in that was on its way then does
   * not arrive. Stores of a host application without such a number leave it out, and bear that gap.
   */
  readonly credentialVersion?: number
}

/** `busy`: too many checks wait already; nothing is said about the password. */
export type PasswordVerdict =
  | { readonly verdict: 'accepted'; readonly account: Account }
  /** `subject`: whose password it was not. For the event alone; whoever asked is never told. */
  | { readonly verdict: 'refused'; readonly subject?: string }
  | { readonly verdict: 'busy' }

/**
 * The people who may sign in. Applications that already have users implement this; the rest use `createLocalAccounts`.
 */
export interface AccountStore {
  /**
   * Checks a password. Unknown name, wrong password and disabled account are one answer and should take one time; a store
   * that waits for that may leave it to `hold`. Throws only when it cannot answer.
   */
  verifyPassword(username: string, password: Secret, hold?: Hold): Promise<PasswordVerdict>
  /** Finds the account by its subject, disabled ones included. */
  find(subject: string): Promise<Account | undefined>
}
