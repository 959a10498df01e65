import { decideHolding, departed, type HolderRecords, type Holding } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { writeEvents } from './event-store.ts'
import type { Rows } from './rows.ts'

export function createHolderRecords(database: Database): HolderRecords {
  return {
    add: (issuer, holding, events) =>
      database.act(issuer, (rows) => {
        const outcome = decideHolding(rows.holdings.all(), holding)
        if (outcome !== 'added') return outcome
        const fresh = { offboardedAt: null, leftWith: null, copied: [], settledAt: null }
        put(rows, { ...holding, ...fresh })
        writeEvents(rows, events)
        return outcome
      }),
    list: (issuer) => database.read(issuer, (rows) => rows.holdings.all().toSorted(byHolder)),
    remove: (issuer, holder, secret, events) =>
      database.act(issuer, (rows) => {
        const key = JSON.stringify([holder, secret])
        const held = rows.holdings.find(key)
        if (held === undefined) return 'unknown'
        if (held.offboardedAt !== null) return 'left'
        rows.holdings.remove(key)
        writeEvents(rows, events)
        return 'removed'
      }),
    offboard: (issuer, departure, events) =>
      database.act(issuer, (rows) => {
        const held = heldBy(rows, departure.holder)
        if (held.length === 0) return 'unknown'
        const leaving = held.filter(({ offboardedAt }) => offboardedAt === null)
        if (leaving.length === 0) return 'already'
        for (const one of leaving) put(rows, departed(one, departure, rows.keys.all()))
        writeEvents(rows, events)
        return 'offboarded'
      }),
    settle: (issuer, holder, at, events) =>
      database.act(issuer, (rows) => {
        const open = heldBy(rows, holder).filter(isOpen)
        if (open.length === 0) return 'already'
        for (const held of open) put(rows, { ...held, settledAt: at })
        writeEvents(rows, events)
        return 'settled'
      }),
  }
}

function heldBy(rows: Rows, holder: string): readonly Holding[] {
  return rows.holdings.all().filter((held) => held.holder === holder)
}

function isOpen({ offboardedAt, settledAt }: Holding): boolean {
  return offboardedAt !== null && settledAt === null
}

function put(rows: Rows, held: Holding): void {
  rows.holdings.put(JSON.stringify([held.holder, held.secret]), held)
}

/** By code points, as SQLite orders text. */
function byHolder(a: Holding, b: Holding): number {
  return compare(a.holder, b.holder) || compare(a.secret, b.secret)
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
