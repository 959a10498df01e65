import type { SQLInputValue } from 'node:sqlite'
import {
  decideHolding,
  departed,
  type HeldSecret,
  type HolderRecords,
  type Holding,
} from '@jotwarden/authority'
import { list, number, numberOrNull, text, textOrNull } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { writeEvents } from './event-store.ts'
import { listKeys } from './key-records.ts'

export function createHolderRecords(database: Database): HolderRecords {
  return {
    add: (issuer, holding, events) =>
      database.act((connection) => {
        const outcome = decideHolding(listHoldings(connection, issuer), holding)
        if (outcome !== 'added') return outcome
        const fresh = { offboardedAt: null, leftWith: null, copied: [], settledAt: null }
        connection.insert('holdings', rowOf(issuer, { ...holding, ...fresh }))
        writeEvents(connection, issuer, events)
        return outcome
      }),
    list: (issuer) => database.read((connection) => listHoldings(connection, issuer)),
    remove: (issuer, holder, secret, events) =>
      database.act((connection) => {
        const row = connection.get(FIND, issuer, holder, secret)
        if (row === undefined) return 'unknown'
        if (row.offboarded_at !== null) return 'left'
        connection.run(REMOVE, issuer, holder, secret)
        writeEvents(connection, issuer, events)
        return 'removed'
      }),
    offboard: (issuer, departure, events) =>
      database.act((connection) => {
        const held = listHoldings(connection, issuer).filter(({ holder }) => holder === departure.holder)
        if (held.length === 0) return 'unknown'
        const leaving = held.filter(({ offboardedAt }) => offboardedAt === null)
        if (leaving.length === 0) return 'already'
        const keys = listKeys(connection, issuer)
        for (const one of leaving) depart(connection, issuer, departed(one, departure, keys))
        writeEvents(connection, issuer, events)
        return 'offboarded'
      }),
    settle: (issuer, holder, at, events) =>
      database.act((connection) => {
        if (connection.run(SETTLE, at, issuer, holder) === 0) return 'already'
        writeEvents(connection, issuer, events)
        return 'settled'
      }),
  }
}

function listHoldings(connection: Connection, issuer: string): readonly Holding[] {
  return connection.all(LIST, issuer).map(holdingFrom)
}

function depart(connection: Connection, issuer: string, held: Holding): void {
  const { holder, secret, offboardedAt, leftWith, copied } = held
  connection.run(DEPART, offboardedAt, leftWith, JSON.stringify(copied), issuer, holder, secret)
}

function holdingFrom(row: SqlRow): Holding {
  return {
    holder: text(row, 'holder'),
    kind: text(row, 'kind') as Holding['kind'],
    secret: text(row, 'secret') as HeldSecret,
    since: number(row, 'since'),
    because: textOrNull(row, 'because'),
    offboardedAt: numberOrNull(row, 'offboarded_at'),
    leftWith: textOrNull(row, 'left_with'),
    copied: list(row, 'copied'),
    settledAt: numberOrNull(row, 'settled_at'),
  }
}

function rowOf(issuer: string, held: Holding): Readonly<Record<string, SQLInputValue>> {
  return {
    issuer,
    holder: held.holder,
    secret: held.secret,
    kind: held.kind,
    since: held.since,
    because: held.because,
    offboarded_at: held.offboardedAt,
    left_with: held.leftWith,
    copied: JSON.stringify(held.copied),
    settled_at: held.settledAt,
  }
}

const FIND = 'SELECT offboarded_at FROM holdings WHERE issuer = ? AND holder = ? AND secret = ?'
const LIST = 'SELECT * FROM holdings WHERE issuer = ? ORDER BY holder, secret'
const REMOVE = 'DELETE FROM holdings WHERE issuer = ? AND holder = ? AND secret = ?'
const DEPART = `UPDATE holdings SET offboarded_at = ?, left_with = ?, copied = ?
  WHERE issuer = ? AND holder = ? AND secret = ?`
const SETTLE = `UPDATE holdings SET settled_at = ?
  WHERE issuer = ? AND holder = ? AND offboarded_at IS NOT NULL AND settled_at IS NULL`
