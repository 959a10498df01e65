import { number } from './columns.ts'
import type { Database } from './database.ts'

/** Deletes what no one can ask for any more; each batch is an act of its own, so that others come in between. */
export async function prune(database: Database, issuer: string, now: number, limit: number): Promise<number> {
  const batch = Math.max(1, Math.floor(limit))
  let gone = 0
  for (const { sql, since } of prunings) {
    let deleted = batch
    while (deleted === batch) {
      deleted = await database.act((connection) => connection.run(sql, issuer, issuer, since(now), batch))
      gone += deleted
    }
  }
  return gone + (await pruneMarks(database, issuer, now, batch))
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

/** Seconds that marks are kept past their expiry, for readers whose clocks lag. */
const MARK_RETENTION = 300
const FORGET = `DELETE FROM marks WHERE issuer = ? AND number IN
  (SELECT number FROM marks WHERE issuer = ? AND expires_at < ? LIMIT ?) RETURNING number`
const RAISE_FLOOR = 'UPDATE revocation_heads SET floor = max(floor, ?) WHERE issuer = ?'
/** Seconds that codes are kept past their expiry, to notice replays. */
const CODE_RETENTION = 600

const prunings: readonly { readonly sql: string; readonly since: (now: number) => number }[] = [
  {
    sql: `DELETE FROM codes WHERE issuer = ? AND hash IN
      (SELECT hash FROM codes WHERE issuer = ? AND expires_at < ? LIMIT ?)`,
    since: (now) => now - CODE_RETENTION,
  },
  {
    sql: `DELETE FROM logins WHERE issuer = ? AND id IN
      (SELECT id FROM logins WHERE issuer = ? AND expires_at <= ? LIMIT ?)`,
    since: (now) => now,
  },
  {
    sql: `DELETE FROM sessions WHERE issuer = ? AND id IN
      (SELECT id FROM sessions WHERE issuer = ? AND absolute_expires_at <= ? LIMIT ?)`,
    since: (now) => now,
  },
]
