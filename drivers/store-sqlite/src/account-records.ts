import type { SQLInputValue } from 'node:sqlite'
import type { AccountOutcome, AccountRecord, AccountRecords, EndCause, Recorder } from '@jotwarden/authority'
import { number, numberOrNull, text, textOrNull } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { endLogins, endSessions, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { writeRecording } from './revocation-log.ts'

export function createAccountRecords(database: Database): AccountRecords {
  const change = (
    issuer: string,
    record: Recorder<AccountOutcome>,
    apply: (connection: Connection) => number,
    follow: (connection: Connection) => void = () => undefined,
  ): Promise<AccountOutcome> =>
    database.act((connection) => {
      const outcome = apply(connection) === 0 ? 'unknown' : 'done'
      if (outcome === 'done') follow(connection)
      writeRecording(connection, issuer, record(outcome))
      return outcome
    })

  return {
    add: (issuer, account, events) =>
      database.act((connection) => {
        if (isTaken(connection, issuer, account)) return 'exists'
        connection.insert('accounts', rowOfAccount(issuer, account))
        writeEvents(connection, issuer, events)
        return 'added'
      }),
    addAll: (issuer, accounts, events) =>
      database.act((connection) => {
        const taken = takenOf(connection, issuer, accounts)
        if (taken.length > 0) return { outcome: 'exists', taken }
        for (const account of accounts) connection.insert('accounts', rowOfAccount(issuer, account))
        writeEvents(connection, issuer, events)
        return { outcome: 'added' }
      }),
    findByUsername: (issuer, username) =>
      database.read((connection) => accountFrom(connection.get(BY_USERNAME, issuer, username))),
    find: (issuer, subject) =>
      database.read((connection) => accountFrom(connection.get(BY_SUBJECT, issuer, subject))),
    list: (issuer) =>
      database.read((connection) => connection.all(LIST, issuer).flatMap((row) => accountFrom(row) ?? [])),
    costliestImported: (issuer) =>
      database.read((connection) => {
        const row = connection.get(COSTLIEST_IMPORTED, issuer)
        return row === undefined ? undefined : text(row, 'password_hash')
      }),
    rehash: (issuer, subject, from, to) =>
      database.act((connection) =>
        connection.run(REHASH, to, issuer, subject, from) === 0 ? 'stale' : 'done',
      ),
    changePassword: (issuer, subject, hash, now, record) =>
      change(
        issuer,
        record,
        (connection) => connection.run(CHANGE_PASSWORD, hash, issuer, subject),
        (connection) => endEverything(connection, issuer, subject, 'password-changed', now),
      ),
    disable: (issuer, subject, now, record) =>
      change(
        issuer,
        record,
        (connection) => connection.run(DISABLE, issuer, subject),
        (connection) => endEverything(connection, issuer, subject, 'account-disabled', now),
      ),
    enable: (issuer, subject, record) =>
      change(issuer, record, (connection) => connection.run(ENABLE, issuer, subject)),
    remove: (issuer, subject, now, record) =>
      change(
        issuer,
        record,
        (connection) => connection.run(REMOVE, issuer, subject),
        (connection) => {
          connection.run(REMOVE_CONSENTS, issuer, subject)
          endEverything(connection, issuer, subject, 'account-removed', now)
        },
      ),
    erase: (issuer, subject, record) =>
      change(
        issuer,
        record,
        (connection) => connection.run(REMOVE, issuer, subject),
        (connection) => {
          for (const sql of REMOVE_GRANTED) connection.run(sql, issuer, subject)
        },
      ),
  }
}

function isTaken(connection: Connection, issuer: string, { subject, username }: AccountRecord): boolean {
  return connection.get(TAKEN, issuer, subject, issuer, username) !== undefined
}

function takenOf(
  connection: Connection,
  issuer: string,
  accounts: readonly AccountRecord[],
): readonly AccountRecord[] {
  const [usernames, subjects] = [new Set<string>(), new Set<string>()]
  return accounts.filter((account) => {
    const { username, subject } = account
    const taken = usernames.has(username) || subjects.has(subject) || isTaken(connection, issuer, account)
    usernames.add(username)
    subjects.add(subject)
    return taken
  })
}

function endEverything(
  connection: Connection,
  issuer: string,
  subject: string,
  cause: EndCause,
  now: number,
): void {
  const reach = { column: 'subject', value: subject } as const
  endLogins(connection, issuer, reach, now)
  endSessions(connection, issuer, reach, cause, now)
  voidCodes(connection, issuer, reach)
}

function accountFrom(row: SqlRow | undefined): AccountRecord | undefined {
  if (row === undefined) return undefined
  const importedWork = numberOrNull(row, 'imported_work')
  return {
    subject: text(row, 'subject'),
    username: text(row, 'username'),
    name: textOrNull(row, 'name'),
    email: textOrNull(row, 'email'),
    emailVerified: number(row, 'email_verified') === 1,
    disabled: number(row, 'disabled') === 1,
    credentialVersion: number(row, 'credential_version'),
    passwordHash: text(row, 'password_hash'),
    createdAt: number(row, 'created_at'),
    ...(importedWork === null ? {} : { importedWork }),
  }
}

function rowOfAccount(issuer: string, account: AccountRecord): Readonly<Record<string, SQLInputValue>> {
  return {
    issuer,
    subject: account.subject,
    username: account.username,
    name: account.name,
    email: account.email,
    email_verified: account.emailVerified ? 1 : 0,
    disabled: account.disabled ? 1 : 0,
    credential_version: account.credentialVersion,
    password_hash: account.passwordHash,
    created_at: account.createdAt,
    imported_work: account.importedWork ?? null,
  }
}

const TAKEN = `SELECT 1 FROM accounts WHERE issuer = ? AND subject = ?
  UNION ALL SELECT 1 FROM accounts WHERE issuer = ? AND username = ?`
const BY_USERNAME = 'SELECT * FROM accounts WHERE issuer = ? AND username = ?'
const BY_SUBJECT = 'SELECT * FROM accounts WHERE issuer = ? AND subject = ?'
const LIST = 'SELECT * FROM accounts WHERE issuer = ? ORDER BY username'
const COSTLIEST_IMPORTED = `SELECT password_hash FROM accounts WHERE issuer = ? AND imported_work IS NOT NULL
  ORDER BY imported_work DESC LIMIT 1`
const REHASH = `UPDATE accounts SET password_hash = ?, imported_work = NULL
  WHERE issuer = ? AND subject = ? AND password_hash = ?`
const CHANGE_PASSWORD = `UPDATE accounts SET password_hash = ?, imported_work = NULL, credential_version = credential_version + 1
  WHERE issuer = ? AND subject = ?`
const DISABLE = `UPDATE accounts SET disabled = 1, credential_version = credential_version + 1
  WHERE issuer = ? AND subject = ?`
const ENABLE = 'UPDATE accounts SET disabled = 0 WHERE issuer = ? AND subject = ?'
const REMOVE = 'DELETE FROM accounts WHERE issuer = ? AND subject = ?'
const REMOVE_CONSENTS = 'DELETE FROM consents WHERE issuer = ? AND subject = ?'
const REMOVE_GRANTED = ['consents', 'logins', 'sessions', 'codes'].map(
  (table) => `DELETE FROM ${table} WHERE issuer = ? AND subject = ?`,
)
