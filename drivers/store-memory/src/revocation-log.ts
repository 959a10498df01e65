import {
  decideMark,
  type LogHead,
  type LogState,
  type MarkOwner,
  type NewMark,
  QUOTA,
  type Recording,
  type RevocationLog,
  type StoredMark,
  supersedes,
} from '@jotwarden/authority'
import {
  epochOf,
  firstOfEpoch,
  type Mark,
  type MarkedToken,
  type MarkKind,
  markKinds,
} from '@jotwarden/policy'
import type { Database } from './database.ts'
import { writeEvents } from './event-store.ts'
import type { Rows } from './rows.ts'

export function createRevocationLog(database: Database): RevocationLog {
  return {
    head: (issuer) => database.read(issuer, headOf),
    read: (issuer, { after, limit }) =>
      database.read(issuer, (rows) => ({
        head: headOf(rows),
        marks: rows.marks
          .all()
          .filter(({ number }) => number > after)
          .slice(0, limit)
          .map(({ kind, id, number, expiresAt }): Mark => ({ kind, id, number, expiresAt })),
      })),
    lastMark: (issuer, of) => database.read(issuer, (rows) => lastMark(rows, issuer, of)),
    refuses: (issuer, token) => database.read(issuer, (rows) => refuses(rows, issuer, token)),
    append: (issuer, recording) => database.act(issuer, (rows) => writeRecording(rows, recording)),
    cover: (issuer, exp) =>
      database.act(issuer, (rows) => moveHead(rows, { latestExp: Math.max(exp, headOf(rows).latestExp) })),
    pulse: (issuer) => database.act(issuer, (rows) => moveHead(rows, { pulse: headOf(rows).pulse + 1 })),
    beginEpoch: (issuer, { epoch, latestExp, pulse }, recording) =>
      database.act(issuer, (rows) => {
        const head = headOf(rows)
        if (epoch <= epochOf(head.number)) return 'not-later'
        const number = firstOfEpoch(epoch)
        moveHead(rows, {
          number,
          latestExp: Math.max(latestExp, head.latestExp),
          pulse: Math.max(pulse, head.pulse),
        })
        writeRecording(rows, recording)
        return 'begun'
      }),
  }
}

/** Writes events and marks as part of the act under way. */
export function writeRecording(rows: Rows, { events, marks }: Recording): void {
  writeEvents(rows, events)
  for (const wanted of marks) writeMark(rows, wanted)
}

/** Whether subject, client or issuer were marked after the `rev`. */
export function isRevoked(
  rows: Rows,
  issuer: string,
  of: { readonly subject: string; readonly client?: string; readonly rev: number },
): boolean {
  return of.rev < lastMark(rows, issuer, of)
}

export function lastMark(
  rows: Rows,
  issuer: string,
  { subject, client }: { readonly subject?: string; readonly client?: string },
): number {
  return Math.max(
    rows.lastMarks.find(key('issuer', issuer)) ?? 0,
    subject === undefined ? 0 : (rows.lastMarks.find(key('subject', subject)) ?? 0),
    client === undefined ? 0 : (rows.lastMarks.find(key('client', client)) ?? 0),
  )
}

/** Forgets marks that expired before `until`. */
export function pruneMarks(rows: Rows, until: number, limit: number): number {
  const batch = rows.marks
    .all()
    .filter(({ expiresAt }) => expiresAt < until)
    .slice(0, limit)
  for (const { number } of batch) rows.marks.remove(String(number))
  const floor = Math.max(headOf(rows).floor, ...batch.map(({ number }) => number))
  if (batch.length > 0) moveHead(rows, { floor })
  return batch.length
}

function headOf(rows: Rows): LogHead {
  return rows.heads.find('') ?? { number: 0, floor: 0, latestExp: 0, pulse: 0 }
}

function moveHead(rows: Rows, change: Partial<LogHead>): LogHead {
  const head = { ...headOf(rows), ...change }
  rows.heads.put('', head)
  return head
}

function writeMark(rows: Rows, wanted: NewMark): void {
  const decided = decideMark(wanted, stateOf(rows))
  for (const mark of decided.marks) {
    for (const earlier of rows.marks.all())
      if (supersedes(mark, earlier)) rows.marks.remove(String(earlier.number))
    rows.marks.put(String(mark.number), mark)
    if (markKinds[mark.kind].ordered) rows.lastMarks.put(key(mark.kind, mark.id), mark.number)
    moveHead(rows, { number: mark.number })
  }
  writeEvents(rows, decided.events)
}

function stateOf(rows: Rows): LogState {
  const { number, latestExp } = headOf(rows)
  const marks = rows.marks.all()
  return {
    head: number,
    latestExp,
    keptUntil: (kind, id) => marks.findLast((mark) => mark.kind === kind && mark.id === id)?.expiresAt,
    owned: (owner, at) => marks.filter((mark) => isOwned(mark, owner) && mark.expiresAt > at).length,
    isCollapsed: ({ kind, id }, at) =>
      marks.some(
        (mark) => mark.kind === kind && mark.id === id && mark.cause === QUOTA && mark.expiresAt > at,
      ),
  }
}

function isOwned({ owner }: StoredMark, { kind, id }: MarkOwner): boolean {
  return owner?.kind === kind && owner.id === id
}

function refuses(rows: Rows, issuer: string, token: MarkedToken): MarkKind | null {
  const rev = token.rev ?? 0
  if (rev < lastMark(rows, issuer, {})) return 'issuer'
  if (rev < (rows.lastMarks.find(key('client', token.client_id)) ?? 0)) return 'client'
  if (rev < (rows.lastMarks.find(key('subject', token.sub)) ?? 0)) return 'subject'
  const asked = new Map<MarkKind, string | undefined>([
    ['key', token.kid],
    ['login', token.login],
    ['session', token.sid],
    ['token', token.jti],
  ])
  return rows.marks.all().find(({ kind, id }) => asked.get(kind) === id)?.kind ?? null
}

function key(kind: MarkKind, id: string): string {
  return `${kind} ${id}`
}
