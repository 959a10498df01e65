import {
  decideRotation,
  type EndCause,
  type Session,
  type SessionSelector,
  type SessionStore,
} from '@jotwarden/authority'
import type { Connection } from './connection.ts'
import type { Database } from './database.ts'
import { endLogins, endSessions, openIndex, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, lastMark, writeRecording } from './revocation-log.ts'
import { rowOfSession, sessionFrom } from './session-row.ts'

export function createSessionStore(database: Database): SessionStore {
  return {
    start: (issuer, session, events) =>
      database.act((connection) => {
        if (session.login !== null && !isLoginOpen(connection, issuer, session.login)) return 'login-ended'
        if (isRevoked(connection, issuer, session)) return 'revoked'
        addSession(connection, issuer, session)
        writeEvents(connection, issuer, events)
        return 'started'
      }),
    find: (issuer, id) => database.read((connection) => findSession(connection, issuer, id)),
    rotate: (issuer, rotation, record) =>
      database.act((connection) => {
        const row = findSession(connection, issuer, rotation.session)
        const outcome = decideRotation(
          row,
          rotation,
          row === undefined ? 0 : lastMark(connection, issuer, row),
        )
        if (outcome.outcome !== 'unknown' && outcome.session !== row)
          changeSession(connection, issuer, outcome.session)
        writeRecording(connection, issuer, record(outcome))
        return outcome
      }),
    end: (issuer, selector, cause, now, record) =>
      database.act((connection) => {
        const ended = endSelected(connection, issuer, selector, cause, now)
        writeRecording(connection, issuer, record(ended))
        return ended
      }),
    latestEnd: (issuer) =>
      database.read((connection) => {
        const row = connection.get(
          'SELECT max(absolute_expires_at) AS latest FROM sessions WHERE issuer = ?',
          issuer,
        )
        return Number(row?.latest ?? 0)
      }),
    list: (issuer, of, now) =>
      database.read((connection) => {
        const rows =
          'subject' in of
            ? connection.all(listBy('subject'), issuer, of.subject, now, now)
            : connection.all(listBy('client'), issuer, of.client, now, now)
        return rows.map(sessionFrom)
      }),
    ofSubject: (issuer, subject, { before, limit }, now) =>
      database.read((connection) => {
        const { authTime, login, createdAt, id } = before ?? FIRST
        return connection
          .all(OF_SUBJECT, issuer, subject, authTime, login, createdAt, id, now, now, limit)
          .map(sessionFrom)
      }),
  }
}

/** Adds the session as part of the act under way. */
export function addSession(connection: Connection, issuer: string, session: Session): void {
  connection.insert('sessions', rowOfSession(issuer, session))
}

export function isLoginOpen(connection: Connection, issuer: string, id: string): boolean {
  const row = connection.get('SELECT ended_at FROM logins WHERE issuer = ? AND id = ?', issuer, id)
  return row !== undefined && row.ended_at === null
}

function findSession(connection: Connection, issuer: string, id: string): Session | undefined {
  const row = connection.get('SELECT * FROM sessions WHERE issuer = ? AND id = ?', issuer, id)
  return row === undefined ? undefined : sessionFrom(row)
}

/** Writes the columns that a rotation may change. */
function changeSession(connection: Connection, issuer: string, session: Session): void {
  connection.run(
    `UPDATE sessions SET generation = ?, rotated_at = ?, mac_kid = ?, network = ?, graced_generation = ?,
     graced_in_row = ?, idle_expires_at = ?, ended_at = ?, end_cause = ? WHERE issuer = ? AND id = ?`,
    session.generation,
    session.rotatedAt,
    session.macKid,
    session.network,
    session.gracedGeneration,
    session.gracedInRow,
    session.idleExpiresAt,
    session.endedAt,
    session.endCause,
    issuer,
    session.id,
  )
}

/** Ends the sessions, and ends and voids what goes with them. */
function endSelected(
  connection: Connection,
  issuer: string,
  selector: SessionSelector,
  cause: EndCause,
  now: number,
): readonly Session[] {
  if ('session' in selector)
    return endSessions(connection, issuer, { column: 'id', value: selector.session }, cause, now)
  if ('login' in selector) {
    endLogins(connection, issuer, { column: 'id', value: selector.login }, now)
    voidCodes(connection, issuer, { column: 'login', value: selector.login })
    return endSessions(connection, issuer, { column: 'login', value: selector.login }, cause, now)
  }
  if ('client' in selector) {
    voidCodes(connection, issuer, { column: 'client', value: selector.client })
    return endSessions(connection, issuer, { column: 'client', value: selector.client }, cause, now)
  }
  const reach = { column: 'subject', value: selector.subject } as const
  endLogins(connection, issuer, reach, now)
  voidCodes(connection, issuer, reach)
  return endSessions(connection, issuer, reach, cause, now)
}

function listBy(column: 'subject' | 'client'): string {
  return `SELECT * FROM sessions${openIndex('sessions', { column })} WHERE issuer = ? AND ${column} = ? AND ended_at IS NULL
    AND idle_expires_at > ? AND absolute_expires_at > ? ORDER BY created_at DESC`
}

/** Before every place. */
const FIRST = { authTime: Number.MAX_VALUE, login: '', createdAt: 0, id: '' }
/** The expressions are those of the index. */
const OF_SUBJECT = `SELECT * FROM sessions INDEXED BY sessions_open_by_subject WHERE issuer = ? AND subject = ? AND ended_at IS NULL
  AND (iif(login IS NULL, 0.0, coalesce(auth_time, 0.0)), coalesce(login, ''), created_at, id) < (?, ?, ?, ?)
  AND idle_expires_at > ? AND absolute_expires_at > ?
  ORDER BY iif(login IS NULL, 0.0, coalesce(auth_time, 0.0)) DESC, coalesce(login, '') DESC,
    created_at DESC, id DESC LIMIT ?`
