import type { AccountOutcome, AccountRecord, AccountRecords, EndCause, Recorder } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { endLogins, endSessions, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { writeRecording } from './revocation-log.ts'
import type { Rows } from './rows.ts'

export function createAccountRecords(database: Database): AccountRecords {
  const change = (
    issuer: string,
    subject: string,
    record: Recorder<AccountOutcome>,
    apply: (rows: Rows, account: AccountRecord) => void,
  ): Promise<AccountOutcome> =>
    database.act(issuer, (rows) => {
      const account = rows.accounts.find(subject)
      if (account !== undefined) apply(rows, account)
      const outcome = account === undefined ? 'unknown' : 'done'
      writeRecording(rows, record(outcome))
      return outcome
    })

  return {
    add: (issuer, account, events) =>
      database.act(issuer, (rows) => {
        const taken = rows.accounts.find(account.subject) ?? byUsername(rows, account.username)
        if (taken !== undefined) return 'exists'
        rows.accounts.put(account.subject, account)
        writeEvents(rows, events)
        return 'added'
      }),
    addAll: (issuer, accounts, events) =>
      database.act(issuer, (rows) => {
        const taken = takenOf(rows, accounts)
        if (taken.length > 0) return { outcome: 'exists', taken }
        for (const account of accounts) rows.accounts.put(account.subject, account)
        writeEvents(rows, events)
        return { outcome: 'added' }
      }),
    findByUsername: (issuer, username) => database.read(issuer, (rows) => byUsername(rows, username)),
    find: (issuer, subject) => database.read(issuer, (rows) => rows.accounts.find(subject)),
    list: (issuer) =>
      database.read(issuer, (rows) =>
        rows.accounts.all().toSorted((a, b) => (a.username < b.username ? -1 : 1)),
      ),
    costliestImported: (issuer) =>
      database.read(
        issuer,
        (rows) =>
          rows.accounts
            .all()
            .toSorted((a, b) => workOf(b) - workOf(a))
            .find(isImported)?.passwordHash,
      ),
    rehash: (issuer, subject, from, to) =>
      database.act(issuer, (rows) => {
        const account = rows.accounts.find(subject)
        if (account?.passwordHash !== from) return 'stale'
        rows.accounts.put(subject, { ...withOwnHash(account), passwordHash: to })
        return 'done'
      }),
    changePassword: (issuer, subject, hash, now, record) =>
      change(issuer, subject, record, (rows, account) => {
        rows.accounts.put(subject, { ...withOwnHash(account), ...moved(account), passwordHash: hash })
        endEverything(rows, subject, 'password-changed', now)
      }),
    disable: (issuer, subject, now, record) =>
      change(issuer, subject, record, (rows, account) => {
        rows.accounts.put(subject, { ...account, ...moved(account), disabled: true })
        endEverything(rows, subject, 'account-disabled', now)
      }),
    enable: (issuer, subject, record) =>
      change(issuer, subject, record, (rows, account) =>
        rows.accounts.put(subject, { ...account, disabled: false }),
      ),
    remove: (issuer, subject, now, record) =>
      change(issuer, subject, record, (rows) => {
        rows.accounts.remove(subject)
        removeConsents(rows, subject)
        endEverything(rows, subject, 'account-removed', now)
      }),
    erase: (issuer, subject, record) =>
      change(issuer, subject, record, (rows) => {
        rows.accounts.remove(subject)
        removeConsents(rows, subject)
        removeGranted(rows, subject)
      }),
  }
}

function moved({ credentialVersion }: AccountRecord) {
  return { credentialVersion: credentialVersion + 1 }
}

function withOwnHash({ importedWork: _, ...account }: AccountRecord): AccountRecord {
  return account
}

function isImported(account: AccountRecord): boolean {
  return account.importedWork !== undefined
}

function workOf(account: AccountRecord): number {
  return account.importedWork ?? -1
}

/** In one pass over each side, since an import adds many to many. */
function takenOf(rows: Rows, accounts: readonly AccountRecord[]): readonly AccountRecord[] {
  const held = rows.accounts.all()
  const usernames = new Set(held.map(({ username }) => username))
  const subjects = new Set(held.map(({ subject }) => subject))
  return accounts.filter(({ username, subject }) => {
    const taken = usernames.has(username) || subjects.has(subject)
    usernames.add(username)
    subjects.add(subject)
    return taken
  })
}

function byUsername(rows: Rows, username: string): AccountRecord | undefined {
  return rows.accounts.all().find((account) => account.username === username)
}

function endEverything(rows: Rows, subject: string, cause: EndCause, now: number): void {
  endLogins(rows, (login) => login.subject === subject, now)
  endSessions(rows, (session) => session.subject === subject, cause, now)
  voidCodes(rows, (code) => code.subject === subject)
}

function removeConsents(rows: Rows, subject: string): void {
  for (const consent of rows.consents.all()) {
    if (consent.subject === subject) rows.consents.remove(JSON.stringify([subject, consent.client]))
  }
}

function removeGranted(rows: Rows, subject: string): void {
  for (const login of rows.logins.all()) {
    if (login.subject !== subject) continue
    rows.logins.remove(login.id)
    rows.cookies.remove(login.cookieHash)
  }
  for (const session of rows.sessions.all()) if (session.subject === subject) rows.sessions.remove(session.id)
  for (const { code } of rows.codes.all()) if (code.subject === subject) rows.codes.remove(code.hash)
}
