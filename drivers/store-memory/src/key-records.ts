import { keyCompromised, type NewMark, type SecurityEvent } from '@jotwarden/authority'
import {
  areSameRecords,
  type KeyEvent,
  type KeyPurpose,
  type KeyRecord,
  type KeyRecords,
  type KeyTransition,
  transitioned,
} from '@jotwarden/keyring'
import type { Database } from './database.ts'
import { StoreError } from './errors.ts'
import { writeEvents } from './event-store.ts'
import { writeRecording } from './revocation-log.ts'
import type { Rows } from './rows.ts'

export function createKeyRecords(database: Database): KeyRecords {
  return {
    add: (issuer, records, events, seen) =>
      database.act(issuer, (rows) => {
        if (records.some((record) => record.issuer !== issuer))
          throw new StoreError('store/issuer', 'Cannot add the keys: a record names another issuer')
        if (seen !== undefined && !areSameRecords(rows.keys.all(), seen)) return 'conflict'
        if (!areNew(rows, records)) return 'conflict'
        if (hasRivals([...rows.keys.all(), ...records])) return 'conflict'
        for (const record of records) rows.keys.put(record.kid, record)
        writeEvents(rows, events.map(securityEvent))
        return 'added'
      }),
    list: (issuer) => database.read(issuer, (rows) => rows.keys.all()),
    reserve: (issuer, kid, count, most) =>
      database.act(issuer, (rows) => {
        const record = rows.keys.find(kid)
        if (record === undefined) return 0
        const taken = Math.max(0, Math.min(count, most - record.uses))
        rows.keys.put(kid, { ...record, uses: record.uses + taken })
        return taken
      }),
    transition: (issuer, steps, events) =>
      database.act(issuer, (rows) => {
        const after = taken(rows.keys.all(), steps)
        if (after === 'conflict' || hasRivals([...after.values()])) return 'conflict'
        for (const { kid } of steps) {
          const record = after.get(kid)
          if (record !== undefined) rows.keys.put(kid, record)
        }
        writeRecording(rows, { events: events.map(securityEvent), marks: marksOf(after, steps) })
        return 'done'
      }),
  }
}

function areNew(rows: Rows, records: readonly KeyRecord[]): boolean {
  const kids = new Set(records.map((record) => record.kid))
  return kids.size === records.length && records.every((record) => rows.keys.find(record.kid) === undefined)
}

/** Whether a purpose has two active keys. */
function hasRivals(records: readonly KeyRecord[]): boolean {
  const active = records.filter((record) => record.state === 'active')
  return new Set<KeyPurpose>(active.map((record) => record.purpose)).size < active.length
}

/** All records by kid as they are after the steps. */
function taken(
  records: readonly KeyRecord[],
  steps: readonly KeyTransition[],
): ReadonlyMap<string, KeyRecord> | 'conflict' {
  const after = new Map(records.map((record) => [record.kid, record]))
  for (const step of steps) {
    const record = after.get(step.kid)
    if (record?.version !== step.version) return 'conflict'
    after.set(step.kid, transitioned(record, step))
  }
  return after
}

function marksOf(after: ReadonlyMap<string, KeyRecord>, steps: readonly KeyTransition[]): readonly NewMark[] {
  return steps.flatMap((step) => {
    const record = after.get(step.kid)
    return (record === undefined ? undefined : keyCompromised(record, step)) ?? []
  })
}

/** The event as `EventStore` lists it; the purpose is told by the key. */
function securityEvent({ type, kid, at, cause }: KeyEvent): SecurityEvent {
  return { type, kid, at, ...(cause === undefined ? {} : { cause }) }
}
