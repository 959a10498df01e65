import type { Consent, ConsentStore } from '@jotwarden/authority'
import { list, number, text } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { endSessions, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, writeRecording } from './revocation-log.ts'

export function createConsentStore(database: Database): ConsentStore {
  return {
    give: (issuer, consent, rev, events) =>
      database.act((connection) => {
        const { subject, client, givenAt } = consent
        if (isRevoked(connection, issuer, { subject, client, rev })) return 'revoked'
        const before = findConsent(connection, issuer, subject, client)
        const scopes = new Set([...(before?.scopes ?? []), ...consent.scopes])
        connection.run(GIVE, issuer, subject, client, JSON.stringify([...scopes]), givenAt)
        writeEvents(connection, issuer, events)
        return 'given'
      }),
    find: (issuer, subject, client) =>
      database.read((connection) => findConsent(connection, issuer, subject, client)),
    list: (issuer, subject, { after, limit }) =>
      database.read((connection) =>
        connection.all(LIST, issuer, subject, after, limit).map((row) => consentFrom(subject, row)),
      ),
    withdraw: (issuer, { subject, client }, cause, now, record) =>
      database.act((connection) => {
        const reach = { column: 'subject', value: subject, client } as const
        const consent = findConsent(connection, issuer, subject, client)
        connection.run(FORGET, issuer, subject, client)
        const withdrawal = { consent, sessions: endSessions(connection, issuer, reach, cause, now) }
        voidCodes(connection, issuer, reach)
        writeRecording(connection, issuer, record(withdrawal))
        return withdrawal
      }),
  }
}

function findConsent(
  connection: Connection,
  issuer: string,
  subject: string,
  client: string,
): Consent | undefined {
  const row = connection.get(FIND, issuer, subject, client)
  return row === undefined ? undefined : consentFrom(subject, row)
}

function consentFrom(subject: string, row: SqlRow): Consent {
  const client = text(row, 'client')
  return { subject, client, scopes: list(row, 'scopes'), givenAt: number(row, 'given_at') }
}

const LIST = `SELECT client, scopes, given_at FROM consents WHERE issuer = ? AND subject = ? AND client > ?
  ORDER BY client LIMIT ?`
const FORGET = 'DELETE FROM consents WHERE issuer = ? AND subject = ? AND client = ?'
const FIND = 'SELECT client, scopes, given_at FROM consents WHERE issuer = ? AND subject = ? AND client = ?'
const GIVE = `INSERT INTO consents (issuer, subject, client, scopes, given_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (issuer, subject, client) DO UPDATE SET scopes = excluded.scopes, given_at = excluded.given_at`
