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

/** Who is behind a narrow mark. When as many as `quota` of theirs are in force, a mark on the owner takes their place. */
export interface MarkOwner {
  readonly kind: 'subject' | 'client'
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
  const expiresAt = Math.max(at, wanted.expiresAt ?? log.latestExp)
  const kept = markKinds[wanted.kind].ordered ? undefined : log.keptUntil(wanted.kind, wanted.id)
  if (kept !== undefined && kept >= expiresAt) return NOTHING_DECIDED
  return { marks: [stored(wanted, expiresAt, log)], events: [] }
}

/**
 * Whether a mark makes an earlier one superfluous: everything that the earlier one refuses, it refuses too. A mark on the
 * issuer does that to all, and still leaves them: to forget a million at once would hold everybody up.
 */
export function supersedes(wide: StoredMark, earlier: StoredMark): boolean {
  if (earlier.number >= wide.number || !markKinds[wide.kind].ordered) return false
  if (earlier.kind === wide.kind) return earlier.id === wide.id
  return earlier.owner?.kind === wide.kind && earlier.owner.id === wide.id
}

function collapsed(owner: MarkOwner, wanted: NewMark, log: LogState): DecidedMarks {
  const { kind, id } = owner
  const mark = { kind, id, cause: QUOTA, at: wanted.at, expiresAt: null, owner: null }
  const type: SecurityEventType = kind === 'client' ? 'client-revoked' : 'subject-revoked'
  // Over the quota each further one moves the same mark on: counted, not listed
  const event = { type, at: wanted.at, [kind]: id, cause: QUOTA, aggregate: id }
  return {
    marks: [stored(mark, Math.max(wanted.at, log.latestExp, wanted.expiresAt ?? 0), log)],
    events: [event],
  }
}

function stored(wanted: NewMark, expiresAt: number, log: LogState): StoredMark {
  const { kind, id, cause, at, owner } = wanted
  const kept = owner === null ? null : { kind: owner.kind, id: owner.id }
  return { number: log.head + 1, kind, id, cause, at, expiresAt, owner: kept }
}

/** The cause of a mark that took the place of too many. */
export const QUOTA = 'quota'
const NOTHING_DECIDED: DecidedMarks = { marks: [], events: [] }
