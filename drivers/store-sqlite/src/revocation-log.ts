import type { LogHead, Recording, RevocationLog } from '@jotwarden/authority'
import {
  epochOf,
  firstOfEpoch,
  isMarkKind,
  type Mark,
  type MarkedToken,
  type MarkKind,
} from '@jotwarden/policy'
import { number, text } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { StoreError } from './errors.ts'
import { writeEvents } from './event-store.ts'
import { writeMark } from './marks.ts'

export function createRevocationLog(database: Database): RevocationLog {
  return {
    head: (issuer) => database.read((connection) => headOf(connection, issuer)),
    read: (issuer, { after, limit }) =>
      database.read((connection) => {
        // One statement, so that head and marks are of one moment: another process may commit at any time
        const rows = connection.all(PAGE, issuer, after, limit, issuer)
        return { head: headFrom(rows[0]), marks: rows.flatMap(markFrom) }
      }),
    lastMark: (issuer, of) => database.read((connection) => lastMark(connection, issuer, of)),
    refuses: (issuer, token) => database.read((connection) => refuses(connection, issuer, token)),
    append: (issuer, recording) =>
      database.act((connection) => writeRecording(connection, issuer, recording)),
    cover: (issuer, exp) => database.act((connection) => headFrom(connection.get(COVER, issuer, exp))),
    pulse: (issuer) => database.act((connection) => headFrom(connection.get(PULSE, issuer))),
    beginEpoch: (issuer, { epoch, latestExp, pulse }, recording) =>
      database.act((connection) => {
        if (epoch <= epochOf(headOf(connection, issuer).number)) return 'not-later'
        connection.get(COVER, issuer, latestExp)
        connection.run(MOVE_EPOCH, firstOfEpoch(epoch), pulse, issuer)
        writeRecording(connection, issuer, recording)
        return 'begun'
      }),
  }
}

/** Writes events and marks as part of the act under way. */
export function writeRecording(connection: Connection, issuer: string, { events, marks }: Recording): void {
  writeEvents(connection, issuer, events)
  if (marks.length === 0) return
  const { number: before, latestExp } = headOf(connection, issuer)
  let head = before
  for (const wanted of marks) {
    const decided = writeMark(connection, issuer, wanted, { head, latestExp })
    head = decided.head
    writeEvents(connection, issuer, decided.events)
  }
  if (head !== before && connection.run(MOVE_HEAD, head, issuer) === 0)
    connection.run(FIRST_HEAD, issuer, head)
}

/** Whether subject, client or issuer were marked after the `rev`. */
export function isRevoked(
  connection: Connection,
  issuer: string,
  of: { readonly subject: string; readonly client?: string; readonly rev: number },
): boolean {
  return of.rev < lastMark(connection, issuer, of)
}

/** The greatest number of the last marks on subject, client and issuer. */
export function lastMark(
  connection: Connection,
  issuer: string,
  { subject = '', client = '' }: { readonly subject?: string; readonly client?: string },
): number {
  return Number(connection.get(LAST_MARK, issuer, subject, client)?.number ?? 0)
}

function refuses(connection: Connection, issuer: string, token: MarkedToken): MarkKind | null {
  const { sub, client_id, jti, rev = 0, kid = '', login = '', sid = '' } = token
  // Narrow ones first: a wide mark that another process commits in between takes their place, and is then found
  const outright = connection.get(REFUSED_OUTRIGHT, issuer, jti, kid, login, sid)
  const row = outright ?? connection.get(REFUSED_IN_ORDER, issuer, sub, client_id, rev)
  return row === undefined ? null : kindOf(row)
}

function headOf(connection: Connection, issuer: string): LogHead {
  return headFrom(connection.get(HEAD, issuer))
}

function headFrom(row: SqlRow | undefined): LogHead {
  if (row === undefined) return { number: 0, floor: 0, latestExp: 0, pulse: 0 }
  return {
    number: number(row, 'head'),
    floor: number(row, 'floor'),
    latestExp: number(row, 'latest_exp'),
    pulse: number(row, 'pulse'),
  }
}

function markFrom(row: SqlRow): Mark[] {
  if (row.number === null) return []
  return [
    {
      kind: kindOf(row),
      id: text(row, 'id'),
      number: number(row, 'number'),
      expiresAt: number(row, 'expires_at'),
    },
  ]
}

function kindOf(row: SqlRow): MarkKind {
  const kind = text(row, 'kind')
  if (isMarkKind(kind)) return kind
  throw new StoreError('store/failed', 'Cannot read the row: its column kind is damaged')
}

const COLUMNS = 'number AS head, floor, latest_exp, pulse'
const HEAD = `SELECT ${COLUMNS} FROM revocation_heads WHERE issuer = ?`
/** Issuers without a head have no marks either, and give no row. */
const PAGE = `SELECT heads.number AS head, heads.floor, heads.latest_exp, heads.pulse,
    page.number, page.kind, page.id, page.expires_at
  FROM revocation_heads AS heads
  LEFT JOIN (SELECT number, kind, id, expires_at FROM marks WHERE issuer = ? AND number > ?
    ORDER BY number LIMIT ?) AS page ON TRUE
  WHERE heads.issuer = ? ORDER BY page.number`
const MOVE_EPOCH = 'UPDATE revocation_heads SET number = ?, pulse = max(pulse, ?) WHERE issuer = ?'
const MOVE_HEAD = 'UPDATE revocation_heads SET number = ? WHERE issuer = ?'
const FIRST_HEAD =
  'INSERT INTO revocation_heads (issuer, number, floor, latest_exp, pulse) VALUES (?, ?, 0, 0, 0)'
const COVER = `INSERT INTO revocation_heads (issuer, number, floor, latest_exp, pulse) VALUES (?, 0, 0, ?, 0)
  ON CONFLICT (issuer) DO UPDATE SET latest_exp = max(latest_exp, excluded.latest_exp) RETURNING ${COLUMNS}`
const PULSE = `INSERT INTO revocation_heads (issuer, number, floor, latest_exp, pulse) VALUES (?, 0, 0, 0, 1)
  ON CONFLICT (issuer) DO UPDATE SET pulse = pulse + 1 RETURNING ${COLUMNS}`
/** One look-up for each kind: an OR over them would read the whole log. */
const LAST_MARK = `SELECT max(number) AS number FROM (
  SELECT number FROM last_marks WHERE issuer = ?1 AND kind = 'issuer' AND id = ?1
  UNION ALL SELECT number FROM last_marks WHERE issuer = ?1 AND kind = 'subject' AND id = ?2
  UNION ALL SELECT number FROM last_marks WHERE issuer = ?1 AND kind = 'client' AND id = ?3)`
const REFUSED_IN_ORDER = `SELECT kind FROM (
  SELECT kind, number FROM last_marks WHERE issuer = ?1 AND kind = 'issuer' AND id = ?1
  UNION ALL SELECT kind, number FROM last_marks WHERE issuer = ?1 AND kind = 'client' AND id = ?3
  UNION ALL SELECT kind, number FROM last_marks WHERE issuer = ?1 AND kind = 'subject' AND id = ?2)
  WHERE number > ?4 LIMIT 1`
const REFUSED_OUTRIGHT = `SELECT kind FROM (
  SELECT kind FROM marks WHERE issuer = ?1 AND kind = 'key' AND id = ?3
  UNION ALL SELECT kind FROM marks WHERE issuer = ?1 AND kind = 'login' AND id = ?4
  UNION ALL SELECT kind FROM marks WHERE issuer = ?1 AND kind = 'session' AND id = ?5
  UNION ALL SELECT kind FROM marks WHERE issuer = ?1 AND kind = 'token' AND id = ?2) LIMIT 1`
