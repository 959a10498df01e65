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
  return gone
}

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
