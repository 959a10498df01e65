import { type Mark, type MarkKind, markKinds } from '@jotwarden/policy'
import type { SecurityEvent, SecurityEventType } from './security-event.ts'

/** A mark that an act wants to append to the log; number and, unless told, expiry are decided by the log. */
export interface NewMark {
  readonly kind: MarkKind
  readonly id: string
  readonly cause: string
  /** Seconds since the epoch. */
  readonly at: number
  /** Seconds since the epoch; null takes the latest `exp` of anything that was ever issued. */
  readonly expiresAt: number | null
  /** On whose behalf the mark stands, so that nobody can fill the log; null for marks without bound. */
  readonly owner: MarkOwner | null
}

/**
 * What stands behind a narrow mark: who takes it back pays for it, so what a client does with a person's tokens is the
 * session's, never the person's. When as many as `quota` of theirs are in force, a mark on the owner takes their
 * place.
 */
export interface MarkOwner {
  readonly kind: 'session' | 'subject' | 'client'
  readonly id: string
  readonly quota: number
}

/** A mark as the log keeps it. */
export interface StoredMark extends Mark {
  readonly cause: string
  readonly at: number
  readonly owner: Pick<MarkOwner, 'kind' | 'id'> | null
}

/** The log as it stands inside an act. */
export interface LogState {
  readonly head: number
  /** Seconds since the epoch: the latest `exp` of anything issued. */
  readonly latestExp: number
  /** Until when the newest mark of this kind and id is kept; undefined when there is none. */
  keptUntil(kind: MarkKind, id: string): number | undefined
  /** How many marks of this owner are in force at `at`. */
  owned(owner: MarkOwner, at: number): number
  /** Whether a mark with the cause `quota` on this owner is in force at `at`. */
  isCollapsed(owner: MarkOwner, at: number): boolean
}

/** What an act appends. */
export interface DecidedMarks {
  readonly marks: readonly StoredMark[]
  /** About marks that took the place of others. */
  readonly events: readonly SecurityEvent[]
}

/**
 * Decides what of the wanted marks is appended, one after the other: nothing where the same mark is kept long enough
 * already, and a mark on the owner in place of one too many. A store calls it inside the act for each mark, with the log as it then stands.
 */
export function decideMark(wanted: NewMark, log: LogState): DecidedMarks {
  const { owner, at } = wanted
  if (owner !== null && (log.isCollapsed(owner, at) || log.owned(owner, at) >= owner.quota))
    return collapsed(owner, wanted, log)
  return appended(wanted, Math.max(at, wanted.expiresAt ?? log.latestExp), log)
}

/** An ordered mark moves on each time; another is there already when it is kept as long. */
function appended(wanted: NewMark, expiresAt: number, log: LogState): DecidedMarks {
  const kept = markKinds[wanted.kind].ordered ? undefined : log.keptUntil(wanted.kind, wanted.id)
  if (kept !== undefined && kept >= expiresAt) return NOTHING_DECIDED
  return { marks: [stored(wanted, expiresAt, log)], events: [] }
}

/**
 * Whether a mark makes an earlier one superfluous: everything that the earlier one refuses, it refuses too. A mark on the
 * issuer does that to all, and still leaves them: to forget a million at once would hold everybody up.
 */
export function supersedes(wide: StoredMark, earlier: StoredMark): boolean {
  if (earlier.number >= wide.number) return false
  if (earlier.kind === wide.kind) return markKinds[wide.kind].ordered && earlier.id === wide.id
  return earlier.owner?.kind === wide.kind && earlier.owner.id === wide.id
}

function collapsed(owner: MarkOwner, wanted: NewMark, log: LogState): DecidedMarks {
  const { kind, id } = owner
  const mark = { kind, id, cause: QUOTA, at: wanted.at, expiresAt: null, owner: null }
  const { marks } = appended(mark, Math.max(wanted.at, log.latestExp, wanted.expiresAt ?? 0), log)
  // Over the quota each further one moves the same mark on: counted, not listed
  const event = { type: collapseEvents[kind], at: wanted.at, [kind]: id, cause: QUOTA, aggregate: id }
  return { marks, events: marks.length === 0 ? [] : [event] }
}

const collapseEvents: { readonly [K in MarkOwner['kind']]: SecurityEventType } = {
  session: 'session-ended',
  subject: 'subject-revoked',
  client: 'client-revoked',
}

function stored(wanted: NewMark, expiresAt: number, log: LogState): StoredMark {
  const { kind, id, cause, at, owner } = wanted
  const kept = owner === null ? null : { kind: owner.kind, id: owner.id }
  return { number: log.head + 1, kind, id, cause, at, expiresAt, owner: kept }
}

/** The cause of a mark that took the place of too many. */
export const QUOTA = 'quota'
const NOTHING_DECIDED: DecidedMarks = { marks: [], events: [] }

/** Whether a text may be the id of a mark: every reader of the feed must be able to read it. */
export function isMarkable(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= 255 && id.isWellFormed()
}
