import type { Login, LoginStore } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { endLogins, endSessions, voidCodes } from './ending.ts'
import { StoreError } from './errors.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, writeRecording } from './revocation-log.ts'
import type { Rows } from './rows.ts'

export function createLoginStore(database: Database): LoginStore {
  return {
    start: (issuer, login, replaces, events) =>
      database.act(issuer, (rows) => {
        if (isRevoked(rows, issuer, login)) return 'revoked'
        addLogin(rows, login)
        endLogins(rows, (other) => other.id === replaces, login.authTime)
        writeEvents(rows, events)
        return 'started'
      }),
    get: (issuer, id) => database.read(issuer, (rows) => rows.logins.find(id)),
    find: (issuer, cookieHash) =>
      database.read(issuer, (rows) => {
        const id = rows.cookies.find(cookieHash)
        return id === undefined ? undefined : rows.logins.find(id)
      }),
    end: (issuer, id, now, record) =>
      database.act(issuer, (rows) => {
        const outcome = rows.logins.find(id) === undefined ? 'unknown' : 'ended'
        endLogins(rows, (login) => login.id === id, now)
        endSessions(rows, (session) => session.login === id, 'logout', now)
        voidCodes(rows, (code) => code.login === id)
        writeRecording(rows, record(outcome))
        return outcome
      }),
  }
}

function addLogin(rows: Rows, login: Login): void {
  if (rows.logins.find(login.id) !== undefined || rows.cookies.find(login.cookieHash) !== undefined) {
    throw new StoreError('store/exists', 'Cannot start the login: its id or its cookie is taken')
  }
  rows.logins.put(login.id, login)
  rows.cookies.put(login.cookieHash, login.id)
}
