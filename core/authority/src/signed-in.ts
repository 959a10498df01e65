import type { Clock } from '@jotwarden/token'
import type { Account, AccountStore } from './account-store.ts'
import type { Browser } from './authorization-step.ts'
import type { Login } from './login-store.ts'
import type { Settings } from './settings.ts'
import { sha256 } from './sha256.ts'
import type { Stores } from './stores.ts'

/** A person and the login that speaks for them. */
export interface SignedIn {
  readonly login: Login
  readonly account: Account
}

/** The person whom the browser's cookie speaks for, if the login is live and the account still may sign in. */
export async function personOf(
  parts: {
    readonly settings: Settings
    readonly stores: Stores
    readonly accounts: AccountStore
    readonly clock: Clock
  },
  browser: Browser,
): Promise<SignedIn | undefined> {
  if (browser.login === undefined) return undefined
  const { issuer } = parts.settings
  const login = await parts.stores.logins.find(issuer, sha256(browser.login))
  if (login === undefined || login.endedAt !== null || parts.clock.now() >= login.expiresAt) return undefined
  if (login.rev < (await parts.stores.revocation.lastMark(issuer, { subject: login.subject })))
    return undefined
  const account = await parts.accounts.find(login.subject)
  return account === undefined || account.disabled ? undefined : { login, account }
}
