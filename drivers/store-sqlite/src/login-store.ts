import type { SQLInputValue } from 'node:sqlite'
import type { Login, LoginStore } from '@jotwarden/authority'
import { list, number, numberOrNull, text, textOrNull } from './columns.ts'
import type { SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { endLogins, endSessions, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, writeRecording } from './revocation-log.ts'

export function createLoginStore(database: Database): LoginStore {
  return {
    start: (issuer, login, replaces, events) =>
      database.act((connection) => {
        if (isRevoked(connection, issuer, login)) return 'revoked'
        connection.insert('logins', rowOfLogin(issuer, login))
        if (replaces !== null)
          endLogins(connection, issuer, { column: 'id', value: replaces }, login.authTime)
        writeEvents(connection, issuer, events)
        return 'started'
      }),
    get: (issuer, id) =>
      database.read((connection) => {
        const row = connection.get(BY_ID, issuer, id)
        return row === undefined ? undefined : loginFrom(row)
      }),
    find: (issuer, cookieHash) =>
      database.read((connection) => {
        const row = connection.get(BY_COOKIE, issuer, cookieHash)
        return row === undefined ? undefined : loginFrom(row)
      }),
    end: (issuer, id, now, record) =>
      database.act((connection) => {
        const outcome = connection.get(EXISTS, issuer, id) === undefined ? 'unknown' : 'ended'
        endLogins(connection, issuer, { column: 'id', value: id }, now)
        endSessions(connection, issuer, { column: 'login', value: id }, 'logout', now)
        voidCodes(connection, issuer, { column: 'login', value: id })
        writeRecording(connection, issuer, record(outcome))
        return outcome
      }),
  }
}

function loginFrom(row: SqlRow): Login {
  return {
    id: text(row, 'id'),
    subject: text(row, 'subject'),
    cookieHash: text(row, 'cookie_hash'),
    authTime: number(row, 'auth_time'),
    amr: list(row, 'amr'),
    acr: textOrNull(row, 'acr'),
    rev: number(row, 'rev'),
    earlier: list(row, 'earlier'),
    expiresAt: number(row, 'expires_at'),
    endedAt: numberOrNull(row, 'ended_at'),
  }
}

function rowOfLogin(issuer: string, login: Login): Readonly<Record<string, SQLInputValue>> {
  return {
    issuer,
    id: login.id,
    subject: login.subject,
    cookie_hash: login.cookieHash,
    auth_time: login.authTime,
    amr: JSON.stringify(login.amr),
    acr: login.acr,
    rev: login.rev,
    earlier: JSON.stringify(login.earlier),
    expires_at: login.expiresAt,
    ended_at: login.endedAt,
  }
}

const BY_COOKIE = 'SELECT * FROM logins WHERE issuer = ? AND cookie_hash = ?'
const BY_ID = 'SELECT * FROM logins WHERE issuer = ? AND id = ?'
const EXISTS = 'SELECT 1 FROM logins WHERE issuer = ? AND id = ?'
