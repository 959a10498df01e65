import { CODE_RETENTION, MARK_RETENTION, type PruneOrder } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { eventKey } from './event-store.ts'
import { pruneMarks } from './revocation-log.ts'
import type { Rows } from './rows.ts'

/** Deletes what no one can ask for any more; each batch is an act of its own, so that others come in between. */
export async function prune(
  database: Database,
  issuer: string,
  { now, limit, eventsBefore }: PruneOrder,
): Promise<number> {
  const batch = Math.max(1, Math.floor(limit))
  let gone = 0
  const events = (rows: Rows, _now: number, most: number) =>
    eventsBefore === null ? 0 : pruneEvents(rows, eventsBefore, most)
  for (const pruned of [...prunings, events]) {
    let deleted = batch
    while (deleted === batch) {
      deleted = await database.act(issuer, (rows) => pruned(rows, now, batch))
      gone += deleted
    }
  }
  return gone
}

function pruneCodes(rows: Rows, now: number, limit: number): number {
  const codes = rows.codes.all().filter(({ code }) => now > code.expiresAt + CODE_RETENTION)
  const batch = codes.slice(0, limit)
  for (const { code } of batch) rows.codes.remove(code.hash)
  return batch.length
}

function pruneLogins(rows: Rows, now: number, limit: number): number {
  const logins = rows.logins.all().filter((login) => now >= login.expiresAt)
  const batch = logins.slice(0, limit)
  for (const login of batch) {
    rows.logins.remove(login.id)
    rows.cookies.remove(login.cookieHash)
  }
  return batch.length
}

function pruneSessions(rows: Rows, now: number, limit: number): number {
  const sessions = rows.sessions.all().filter((session) => now >= session.absoluteExpiresAt)
  const batch = sessions.slice(0, limit)
  for (const session of batch) rows.sessions.remove(session.id)
  return batch.length
}

/** From the oldest on, as far as they are old; the newest stays. */
function pruneEvents(rows: Rows, before: number, limit: number): number {
  const oldest = rows.events.all().slice(0, -1)
  const young = oldest.findIndex(({ at }) => at >= before)
  const batch = (young === -1 ? oldest : oldest.slice(0, young)).slice(0, limit)
  for (const event of batch) rows.events.remove(eventKey(event))
  return batch.length
}

function pruneRevocations(rows: Rows, now: number, limit: number): number {
  return pruneMarks(rows, now - MARK_RETENTION, limit)
}

const prunings = [pruneCodes, pruneLogins, pruneSessions, pruneRevocations]
