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
    ofSubject: (issuer, subject, { before, limit }, now) =>
      database.read((connection) => {
        const { authTime, id } = before ?? { authTime: Number.MAX_VALUE, id: '' }
        return connection.all(OF_SUBJECT, issuer, subject, authTime, id, now, limit).map(loginFrom)
      }),
    endOf: (issuer, subject, choice, cause, now, record) =>
      database.act((connection) => {
        const reach = { column: 'subject', value: subject, logins: choice } as const
        const ended = {
          logins: endLogins(connection, issuer, reach, now).map(loginFrom),
          sessions: endSessions(connection, issuer, reach, cause, now),
        }
        voidCodes(connection, issuer, reach)
        writeRecording(connection, issuer, record(ended))
        return ended
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
    device: textOrNull(row, 'device'),
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
    device: login.device,
    earlier: JSON.stringify(login.earlier),
    expires_at: login.expiresAt,
    ended_at: login.endedAt,
  }
}

const BY_COOKIE = 'SELECT * FROM logins WHERE issuer = ? AND cookie_hash = ?'
const BY_ID = 'SELECT * FROM logins WHERE issuer = ? AND id = ?'
const OF_SUBJECT = `SELECT * FROM logins INDEXED BY logins_open_by_subject WHERE issuer = ? AND subject = ? AND ended_at IS NULL
  AND (auth_time, id) < (?, ?) AND expires_at > ? ORDER BY auth_time DESC, id DESC LIMIT ?`
const EXISTS = 'SELECT 1 FROM logins WHERE issuer = ? AND id = ?'
