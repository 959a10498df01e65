import { decideMark, type LogState, type NewMark, QUOTA, type SecurityEvent } from '@jotwarden/authority'
import { markKinds } from '@jotwarden/policy'
import type { Connection } from './connection.ts'

/** Appends what `decideMark` makes of the mark, as part of the act under way; the caller moves the head. */
export function writeMark(
  connection: Connection,
  issuer: string,
  wanted: NewMark,
  log: Pick<LogState, 'head' | 'latestExp'>,
): { readonly head: number; readonly events: readonly SecurityEvent[] } {
  const { marks, events } = decideMark(wanted, { ...log, ...questions(connection, issuer) })
  let head = log.head
  for (const { number, kind, id, cause, at, expiresAt, owner } of marks) {
    connection.run(FORGET_NARROWER, issuer, kind, id, number)
    if (markKinds[kind].ordered) {
      connection.run(FORGET_EARLIER, issuer, kind, id, number)
      connection.run(KEEP_LAST, issuer, kind, id, number)
    }
    const owned = { owner_kind: owner?.kind ?? null, owner_id: owner?.id ?? null }
    connection.insert('marks', { issuer, number, kind, id, cause, at, expires_at: expiresAt, ...owned })
    head = number
  }
  return { head, events }
}

function questions(connection: Connection, issuer: string): Omit<LogState, 'head' | 'latestExp'> {
  return {
    keptUntil(kind, id) {
      const until = connection.get(KEPT_UNTIL, issuer, kind, id)?.until
      return typeof until === 'number' ? until : undefined
    },
    owned: ({ kind, id, quota }, at) =>
      Number(connection.get(OWNED, issuer, kind, id, at, quota)?.owned ?? 0),
    isCollapsed: ({ kind, id }, at) => connection.get(COLLAPSED, issuer, kind, id, QUOTA, at) !== undefined,
  }
}

const KEPT_UNTIL = 'SELECT max(expires_at) AS until FROM marks WHERE issuer = ? AND kind = ? AND id = ?'
/** Counts no further than the quota. */
const OWNED = `SELECT count(*) AS owned FROM (SELECT 1 FROM marks INDEXED BY marks_by_owner
  WHERE issuer = ? AND owner_kind = ? AND owner_id = ? AND expires_at > ? LIMIT ?)`
const COLLAPSED = `SELECT 1 FROM marks INDEXED BY marks_by_id
  WHERE issuer = ? AND kind = ? AND id = ? AND cause = ? AND expires_at > ?`
/** As `supersedes` says. */
const FORGET_EARLIER = `DELETE FROM marks INDEXED BY marks_by_id
  WHERE issuer = ? AND kind = ? AND id = ? AND number < ?`
const FORGET_NARROWER = `DELETE FROM marks INDEXED BY marks_by_owner
  WHERE issuer = ? AND owner_kind = ? AND owner_id = ? AND number < ?`
const KEEP_LAST = `INSERT INTO last_marks (issuer, kind, id, number) VALUES (?, ?, ?, ?)
  ON CONFLICT (issuer, kind, id) DO UPDATE SET number = excluded.number`
