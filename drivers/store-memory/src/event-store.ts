import type { EventStore, SecurityEvent } from '@jotwarden/authority'
import type { Database } from './database.ts'
import type { Rows } from './rows.ts'

export function createEventStore(database: Database): EventStore {
  return {
    record: (issuer, events) => database.act(issuer, (rows) => writeEvents(rows, events)),
    list: (issuer, page) =>
      database.read(issuer, (rows) =>
        rows.events
          .all()
          .filter((event) => event.number > page.after)
          .slice(0, page.limit),
      ),
    last: (issuer) => database.read(issuer, lastNumber),
    signedInFrom: (issuer, { subject, networks, since }) =>
      database.read(issuer, (rows) =>
        rows.events
          .all()
          .some(
            (event) =>
              event.type === 'login-succeeded' &&
              event.subject === subject &&
              networks.includes(event.network ?? '') &&
              event.at >= since,
          ),
      ),
    position: (issuer, reader) => database.read(issuer, (rows) => rows.readers.find(reader)),
    advance: (issuer, reader, number) =>
      database.act(issuer, (rows) =>
        rows.readers.put(reader, Math.max(number, rows.readers.find(reader) ?? number)),
      ),
  }
}

/** Writes the events as part of the act under way. */
export function writeEvents(rows: Rows, events: readonly SecurityEvent[]): void {
  for (const event of events) writeEvent(rows, event)
}

function writeEvent(rows: Rows, event: SecurityEvent): void {
  const number = lastNumber(rows) + 1
  const key = eventKey({ ...event, number })
  const known = rows.events.find(key)
  if (known === undefined) rows.lastEvent.put('', number)
  rows.events.put(
    key,
    known === undefined ? { ...event, number, count: 1 } : { ...known, count: known.count + 1 },
  )
}

function lastNumber(rows: Rows): number {
  return rows.lastEvent.find('') ?? 0
}

/** Where the row of an event stands. */
export function eventKey(event: SecurityEvent & { readonly number: number }): string {
  return aggregateKey(event) ?? String(event.number)
}

function aggregateKey(event: SecurityEvent): string | undefined {
  if (event.aggregate === undefined) return undefined
  return JSON.stringify([event.type, event.aggregate, Math.floor(event.at / 60)])
}
