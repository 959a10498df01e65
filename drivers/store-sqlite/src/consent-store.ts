import type { Consent, ConsentStore } from '@jotwarden/authority'
import { list, number } from './columns.ts'
import type { Connection } from './connection.ts'
import type { Database } from './database.ts'
import { writeEvents } from './event-store.ts'

export function createConsentStore(database: Database): ConsentStore {
  return {
    give: (issuer, consent, events) =>
      database.act((connection) => {
        const { subject, client, givenAt } = consent
        const before = findConsent(connection, issuer, subject, client)
        const scopes = new Set([...(before?.scopes ?? []), ...consent.scopes])
        connection.run(GIVE, issuer, subject, client, JSON.stringify([...scopes]), givenAt)
        writeEvents(connection, issuer, events)
      }),
    find: (issuer, subject, client) =>
      database.read((connection) => findConsent(connection, issuer, subject, client)),
  }
}

function findConsent(
  connection: Connection,
  issuer: string,
  subject: string,
  client: string,
): Consent | undefined {
  const row = connection.get(FIND, issuer, subject, client)
  if (row === undefined) return undefined
  return { subject, client, scopes: list(row, 'scopes'), givenAt: number(row, 'given_at') }
}

const FIND = 'SELECT scopes, given_at FROM consents WHERE issuer = ? AND subject = ? AND client = ?'
const GIVE = `INSERT INTO consents (issuer, subject, client, scopes, given_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (issuer, subject, client) DO UPDATE SET scopes = excluded.scopes, given_at = excluded.given_at`
