import { CODE_RETENTION, MARK_RETENTION, type PruneOrder } from '@jotwarden/authority'
import { number } from './columns.ts'
import type { Connection } from './connection.ts'
import type { Database } from './database.ts'

/** Deletes what no one can ask for any more; each batch is an act of its own, so that others come in between. */
export async function prune(
  database: Database,
  issuer: string,
  { now, limit, eventsBefore }: PruneOrder,
): Promise<number> {
  const batch = Math.max(1, Math.floor(limit))
  let gone = 0
  for (const { table, key, rows, since } of prunings) {
    const sql = `DELETE FROM ${table} WHERE issuer = ? AND ${key} IN (SELECT ${key} FROM ${rows} LIMIT ?)`
    let deleted = batch
    while (deleted === batch) {
      deleted = await database.act((connection) => connection.run(sql, issuer, issuer, since(now), batch))
      gone += deleted
    }
  }
  gone += await pruneMarks(database, issuer, now, batch)
  return eventsBefore === null ? gone : gone + (await pruneEvents(database, issuer, eventsBefore, batch))
}

/** How many rows pruning at `now` would delete. */
export function countPrunable(connection: Connection, issuer: string, now: number): number {
  const counts = [
    ...prunings.map(({ rows, since }) => [rows, since(now)] as const),
    [MARKS, now - MARK_RETENTION] as const,
  ]
  return counts.reduce(
    (sum, [rows, since]) =>
      sum + Number(connection.get(`SELECT count(*) AS prunable FROM ${rows}`, issuer, since)?.prunable),
    0,
  )
}

/** The floor says up to which number marks may be missing. */
async function pruneMarks(database: Database, issuer: string, now: number, limit: number): Promise<number> {
  let gone = 0
  let forgotten = limit
  while (forgotten === limit) {
    forgotten = await database.act((connection) => {
      const rows = connection.all(FORGET, issuer, issuer, now - MARK_RETENTION, limit)
      const floor = Math.max(0, ...rows.map((row) => number(row, 'number')))
      if (rows.length > 0) connection.run(RAISE_FLOOR, floor, issuer)
      return rows.length
    })
    gone += forgotten
  }
  return gone
}

/** Only the oldest rows are looked at, however many there are: events come nearly in the order of their time. */
async function pruneEvents(
  database: Database,
  issuer: string,
  before: number,
  limit: number,
): Promise<number> {
  let gone = 0
  let deleted = limit
  while (deleted === limit) {
    deleted = await database.act((connection) => {
      const oldest = connection.all(OLDEST_EVENTS, issuer, issuer, limit)
      const young = oldest.findIndex((row) => number(row, 'at') >= before)
      const last = oldest.at(young === -1 ? oldest.length - 1 : young - 1)
      if (young === 0 || last === undefined) return 0
      return connection.run(
        'DELETE FROM events WHERE issuer = ? AND number <= ?',
        issuer,
        number(last, 'number'),
      )
    })
    gone += deleted
  }
  return gone
}

const OLDEST_EVENTS = `SELECT number, at FROM events WHERE issuer = ?
  AND number < (SELECT max(number) FROM events WHERE issuer = ?) ORDER BY number LIMIT ?`
const MARKS = 'marks WHERE issuer = ? AND expires_at < ?'
const FORGET = `DELETE FROM marks WHERE issuer = ? AND number IN
  (SELECT number FROM ${MARKS} LIMIT ?) RETURNING number`
const RAISE_FLOOR = 'UPDATE revocation_heads SET floor = max(floor, ?) WHERE issuer = ?'
interface Pruning {
  readonly table: string
  readonly key: string
  /** The rows that go, by issuer and moment. */
  readonly rows: string
  readonly since: (now: number) => number
}

const prunings: readonly Pruning[] = [
  {
    table: 'codes',
    key: 'hash',
    rows: 'codes WHERE issuer = ? AND expires_at < ?',
    since: (now) => now - CODE_RETENTION,
  },
  { table: 'logins', key: 'id', rows: 'logins WHERE issuer = ? AND expires_at <= ?', since: (now) => now },
  {
    table: 'sessions',
    key: 'id',
    rows: 'sessions WHERE issuer = ? AND absolute_expires_at <= ?',
    since: (now) => now,
  },
]
