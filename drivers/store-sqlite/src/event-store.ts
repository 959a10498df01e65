import type { EventStore, SecurityEvent, SecurityEventType, StoredSecurityEvent } from '@jotwarden/authority'
import { number, text } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'

export function createEventStore(database: Database): EventStore {
  return {
    record: (issuer, events) => database.act((connection) => writeEvents(connection, issuer, events)),
    list: (issuer, page) =>
      database.read((connection) => connection.all(LIST, issuer, page.after, page.limit).map(storedEvent)),
    last: (issuer) => database.read((connection) => Number(connection.get(LAST, issuer)?.last ?? 0)),
    signedInFrom: (issuer, { subject, networks, since }) =>
      database.read(
        (connection) =>
          connection.get(SIGNED_IN, issuer, subject, JSON.stringify(networks), since) !== undefined,
      ),
    position: (issuer, reader) =>
      database.read((connection) => {
        const row = connection.get(POSITION, issuer, reader)
        return row === undefined ? undefined : number(row, 'number')
      }),
    advance: (issuer, reader, to) =>
      database.act((connection) => void connection.run(ADVANCE, issuer, reader, to)),
  }
}

/** Writes the events as part of the act under way. */
export function writeEvents(connection: Connection, issuer: string, events: readonly SecurityEvent[]): void {
  for (const event of events) {
    const details = optionalColumns.map((column) => event[column] ?? null)
    connection.run(WRITE, issuer, issuer, event.type, event.at, Math.floor(event.at / 60), ...details)
  }
}

function storedEvent(row: SqlRow): StoredSecurityEvent {
  const details: { [column in OptionalColumn]?: string } = {}
  for (const column of optionalColumns) if (row[column] !== null) details[column] = text(row, column)
  return {
    number: number(row, 'number'),
    count: number(row, 'count'),
    type: text(row, 'type') as SecurityEventType,
    at: number(row, 'at'),
    ...details,
  }
}

const optionalColumns = [
  'subject',
  'client',
  'login',
  'session',
  'kid',
  'token',
  'holder',
  'cause',
  'network',
  'aggregate',
] as const

type OptionalColumn = (typeof optionalColumns)[number]

const WRITE = `
  INSERT INTO events (issuer, number, type, at, minute, count, ${optionalColumns.join(', ')})
  VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM events WHERE issuer = ?), ?, ?, ?, 1, ${optionalColumns.map(() => '?').join(', ')})
  ON CONFLICT (issuer, type, aggregate, minute) WHERE aggregate IS NOT NULL DO UPDATE SET count = count + 1`

const LAST = 'SELECT max(number) AS last FROM events WHERE issuer = ?'

const LIST = 'SELECT * FROM events WHERE issuer = ? AND number > ? ORDER BY number LIMIT ?'

const SIGNED_IN = `
  SELECT 1 FROM events WHERE issuer = ? AND type = 'login-succeeded' AND subject = ?
  AND network IN (SELECT value FROM json_each(?)) AND at >= ? LIMIT 1`

const POSITION = 'SELECT number FROM event_readers WHERE issuer = ? AND name = ?'

const ADVANCE = `
  INSERT INTO event_readers (issuer, name, number) VALUES (?, ?, ?)
  ON CONFLICT (issuer, name) DO UPDATE SET number = max(number, excluded.number)`
