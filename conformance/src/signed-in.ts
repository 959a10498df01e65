import {
  type AccountRecord,
  type Code,
  type Login,
  NOTHING,
  type Session,
  type Stores,
} from '@jotwarden/authority'
import { ISSUER, sampleAccount, sampleCode, sampleLogin, sampleSession, T0 } from './samples.ts'

export interface SignedIn {
  readonly account: AccountRecord
  readonly login: Login
  readonly session: Session
  readonly code: Code
}

/** Somebody with a login, and a session and an unused code under it. */
export async function signedIn(stores: Stores): Promise<SignedIn> {
  const account = sampleAccount()
  const login = sampleLogin({ subject: account.subject })
  const session = sampleSession({ subject: account.subject, login: login.id })
  const code = sampleCode({ subject: account.subject, login: login.id })
  await stores.accounts.add(ISSUER, account, [])
  await stores.logins.start(ISSUER, login, null, [])
  await stores.sessions.start(ISSUER, session, [])
  await stores.codes.issue(ISSUER, code, [])
  return { account, login, session, code }
}

/** What the code is worth. */
export async function redeemed(stores: Stores, hash: string): Promise<string> {
  return (await stores.codes.redeem(ISSUER, hash, sampleSession(), T0 + 6, () => NOTHING)).outcome
}
