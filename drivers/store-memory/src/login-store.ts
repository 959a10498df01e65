import type { Login, LoginChoice, LoginPlace, LoginStore } from '@jotwarden/authority'
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
    ofSubject: (issuer, subject, { before, limit }, now) =>
      database.read(issuer, (rows) =>
        rows.logins
          .all()
          .filter((login) => login.subject === subject && login.endedAt === null && now < login.expiresAt)
          .filter((login) => before === null || isOlder(login, before))
          .toSorted((a, b) => (isOlder(a, b) ? 1 : -1))
          .slice(0, limit),
      ),
    endOf: (issuer, subject, choice, cause, now, record) =>
      database.act(issuer, (rows) => {
        const isChosen = (of: string, login: string | null): boolean =>
          of === subject && isNamed(choice, login ?? '')
        const ended = {
          logins: endLogins(rows, (login) => isChosen(login.subject, login.id), now),
          sessions: endSessions(rows, (session) => isChosen(session.subject, session.login), cause, now),
        }
        voidCodes(rows, (code) => isChosen(code.subject, code.login))
        writeRecording(rows, record(ended))
        return ended
      }),
  }
}

function isOlder(one: LoginPlace, other: LoginPlace): boolean {
  return one.authTime === other.authTime ? one.id < other.id : one.authTime < other.authTime
}

function isNamed(choice: LoginChoice, login: string): boolean {
  return 'only' in choice ? choice.only.includes(login) : !choice.except.includes(login)
}

function addLogin(rows: Rows, login: Login): void {
  if (rows.logins.find(login.id) !== undefined || rows.cookies.find(login.cookieHash) !== undefined) {
    throw new StoreError('store/exists', 'Cannot start the login: its id or its cookie is taken')
  }
  rows.logins.put(login.id, login)
  rows.cookies.put(login.cookieHash, login.id)
}
