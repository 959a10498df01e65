import type { SQLInputValue } from 'node:sqlite'
import { keyCompromised, type NewMark } from '@jotwarden/authority'
import {
  areSameRecords,
  type KeyPurpose,
  type KeyRecord,
  type KeyRecords,
  type KeyState,
  type KeyTransition,
  transitioned,
} from '@jotwarden/keyring'
import { number, numberOrNull, text, textOrNull } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { StoreError } from './errors.ts'
import { writeEvents } from './event-store.ts'
import { writeRecording } from './revocation-log.ts'

export function createKeyRecords(database: Database): KeyRecords {
  return {
    add: (issuer, records, events, seen) =>
      database.act((connection) => {
        if (records.some((record) => record.issuer !== issuer))
          throw new StoreError('store/issuer', 'Cannot add the keys: a record names another issuer')
        const present = listKeys(connection, issuer)
        if (seen !== undefined && !areSameRecords(present, seen)) return 'conflict'
        const after = [...present, ...records]
        if (new Set(after.map((record) => record.kid)).size < after.length) return 'conflict'
        if (hasRivals(after)) return 'conflict'
        for (const record of records) connection.insert('keys', rowOfKey(record))
        writeEvents(connection, issuer, events)
        return 'added'
      }),
    list: (issuer) => database.read((connection) => listKeys(connection, issuer)),
    reserve: (issuer, kid, count, most) =>
      database.act((connection) => {
        const row = connection.get(USES, issuer, kid)
        if (row === undefined) return 0
        const taken = Math.max(0, Math.min(count, most - number(row, 'uses')))
        if (taken > 0) connection.run(TAKE, taken, issuer, kid)
        return taken
      }),
    transition: (issuer, steps, events) =>
      database.act((connection) => {
        const after = taken(listKeys(connection, issuer), steps)
        if (after === 'conflict' || hasRivals([...after.values()])) return 'conflict'
        replaceKeys(connection, issuer, steps, after)
        writeRecording(connection, issuer, { events, marks: marksOf(after, steps) })
        return 'done'
      }),
  }
}

/** All records of the issuer, in the act under way. */
export function listKeys(connection: Connection, issuer: string): readonly KeyRecord[] {
  return connection.all('SELECT * FROM keys WHERE issuer = ?', issuer).map(keyFrom)
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

/** Takes all changed rows out before it puts them back, so that no moment of the act has two active keys. */
function replaceKeys(
  connection: Connection,
  issuer: string,
  steps: readonly KeyTransition[],
  after: ReadonlyMap<string, KeyRecord>,
): void {
  const kids = new Set(steps.map((step) => step.kid))
  for (const kid of kids) connection.run('DELETE FROM keys WHERE issuer = ? AND kid = ?', issuer, kid)
  for (const record of after.values()) if (kids.has(record.kid)) connection.insert('keys', rowOfKey(record))
}

function keyFrom(row: SqlRow): KeyRecord {
  const publicJwk = textOrNull(row, 'public_jwk')
  return {
    issuer: text(row, 'issuer'),
    kid: text(row, 'kid'),
    purpose: text(row, 'purpose') as KeyPurpose,
    alg: text(row, 'alg'),
    state: text(row, 'state') as KeyState,
    publicJwk: publicJwk === null ? null : JSON.parse(publicJwk),
    wrapped: textOrNull(row, 'wrapped'),
    createdAt: number(row, 'created_at'),
    announcedAt: numberOrNull(row, 'announced_at'),
    activatedAt: numberOrNull(row, 'activated_at'),
    retiringAt: numberOrNull(row, 'retiring_at'),
    removableAt: numberOrNull(row, 'removable_at'),
    retiredAt: numberOrNull(row, 'retired_at'),
    compromisedAt: numberOrNull(row, 'compromised_at'),
    uses: number(row, 'uses'),
    version: number(row, 'version'),
  }
}

function rowOfKey(record: KeyRecord): Readonly<Record<string, SQLInputValue>> {
  return {
    issuer: record.issuer,
    kid: record.kid,
    purpose: record.purpose,
    alg: record.alg,
    state: record.state,
    public_jwk: record.publicJwk === null ? null : JSON.stringify(record.publicJwk),
    wrapped: record.wrapped,
    created_at: record.createdAt,
    announced_at: record.announcedAt,
    activated_at: record.activatedAt,
    retiring_at: record.retiringAt,
    removable_at: record.removableAt,
    retired_at: record.retiredAt,
    compromised_at: record.compromisedAt,
    uses: record.uses,
    version: record.version,
  }
}

const USES = 'SELECT uses FROM keys WHERE issuer = ? AND kid = ?'
const TAKE = 'UPDATE keys SET uses = uses + ? WHERE issuer = ? AND kid = ?'
