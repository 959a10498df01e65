import {
  decideRotation,
  placeOf,
  type Session,
  type SessionPlace,
  type SessionSelector,
  type SessionStore,
} from '@jotwarden/authority'
import type { Database } from './database.ts'
import { endLogins, endSessions, voidCodes } from './ending.ts'
import { StoreError } from './errors.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, lastMark, writeRecording } from './revocation-log.ts'
import type { Rows } from './rows.ts'

export function createSessionStore(database: Database): SessionStore {
  return {
    start: (issuer, session, events) =>
      database.act(issuer, (rows) => {
        if (session.login !== null && !isLoginOpen(rows, session.login)) return 'login-ended'
        if (isRevoked(rows, issuer, session)) return 'revoked'
        addSession(rows, session)
        writeEvents(rows, events)
        return 'started'
      }),
    find: (issuer, id) => database.read(issuer, (rows) => rows.sessions.find(id)),
    rotate: (issuer, rotation, record) =>
      database.act(issuer, (rows) => {
        const row = rows.sessions.find(rotation.session)
        const outcome = decideRotation(row, rotation, row === undefined ? 0 : lastMark(rows, issuer, row))
        if (outcome.outcome !== 'unknown' && outcome.session !== row)
          rows.sessions.put(rotation.session, outcome.session)
        writeRecording(rows, record(outcome))
        return outcome
      }),
    end: (issuer, selector, cause, now, record) =>
      database.act(issuer, (rows) => {
        endBeside(rows, selector, now)
        const ended = endSessions(rows, (session) => isSelected(session, selector), cause, now)
        writeRecording(rows, record(ended))
        return ended
      }),
    latestEnd: (issuer) =>
      database.read(issuer, (rows) =>
        rows.sessions.all().reduce((latest, session) => Math.max(latest, session.absoluteExpiresAt), 0),
      ),
    list: (issuer, of, now) =>
      database.read(issuer, (rows) =>
        rows.sessions
          .all()
          .filter((session) => isSelected(session, of) && isLive(session, now))
          .toSorted((a, b) => b.createdAt - a.createdAt),
      ),
    ofSubject: (issuer, subject, { before, limit }, now) =>
      database.read(issuer, (rows) =>
        rows.sessions
          .all()
          .filter((session) => session.subject === subject && isLive(session, now))
          .filter((session) => before === null || isOlder(placeOf(session), before))
          .toSorted((a, b) => (isOlder(placeOf(a), placeOf(b)) ? 1 : -1))
          .slice(0, limit),
      ),
  }
}

/** Adds the session as part of the act under way. */
export function addSession(rows: Rows, session: Session): void {
  if (rows.sessions.find(session.id) !== undefined)
    throw new StoreError('store/exists', 'Cannot start the session: its id is taken')
  rows.sessions.put(session.id, session)
}

export function isLoginOpen(rows: Rows, id: string): boolean {
  return rows.logins.find(id)?.endedAt === null
}

/** Ends and voids what goes with the sessions that the selector names. */
function endBeside(rows: Rows, selector: SessionSelector, now: number): void {
  if ('session' in selector) return
  if ('login' in selector) endLogins(rows, (login) => login.id === selector.login, now)
  if ('subject' in selector) endLogins(rows, (login) => login.subject === selector.subject, now)
  voidCodes(rows, (code) => {
    if ('login' in selector) return code.login === selector.login
    return 'subject' in selector ? code.subject === selector.subject : code.client === selector.client
  })
}

function isSelected(session: Session, selector: SessionSelector): boolean {
  if ('session' in selector) return session.id === selector.session
  if ('login' in selector) return session.login === selector.login
  if ('subject' in selector) return session.subject === selector.subject
  return session.client === selector.client
}

function isOlder(one: SessionPlace, other: SessionPlace): boolean {
  if (one.authTime !== other.authTime) return one.authTime < other.authTime
  if (one.login !== other.login) return one.login < other.login
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt
  return one.id < other.id
}

function isLive(session: Session, now: number): boolean {
  return session.endedAt === null && now < session.idleExpiresAt && now < session.absoluteExpiresAt
}
