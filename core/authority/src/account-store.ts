import type { Secret } from '@jotwarden/token'

/** What the authority may know and say of a person. */
export interface Account {
  /** Never reassigned, never an e-mail address or a number that can be counted up. */
  readonly subject: string
  readonly username: string
  readonly name: string | null
  readonly email: string | null
  readonly emailVerified: boolean
  readonly disabled: boolean
}

/** `busy`: too many checks wait already; nothing is said about the password. */
export type PasswordVerdict =
  | { readonly verdict: 'accepted'; readonly account: Account }
  | { readonly verdict: 'refused' }
  | { readonly verdict: 'busy' }

/**
 * The people who may sign in. Applications that already have users implement this; the rest use `createLocalAccounts`.
 */
export interface AccountStore {
  /**
   * Checks a password. Unknown name, wrong password and disabled account are one answer and should take one time.
   * Throws only when it cannot answer.
   */
  verifyPassword(username: string, password: Secret): Promise<PasswordVerdict>
  /** Finds the account by its subject, disabled ones included. */
  find(subject: string): Promise<Account | undefined>
}
