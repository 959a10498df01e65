import type { LogHead, Revocation } from '@jotwarden/authority'
import { epochOf, type FeedMessage, formatFeedMessage } from '@jotwarden/policy'
import { steadyNow } from '../platform.ts'

/** A stretch of the log, and when its reading began. */
export interface Reading {
  /** The number above which it tells everything that matters, */
  readonly after: number
  /** and the one up to which it does. */
  readonly number: number
  /** Whether there was no more to tell. */
  readonly reachesHead: boolean
  readonly head: LogHead
  /** Seconds on the steady clock of this process. */
  readonly began: number
  /** The line that tells it; undefined when the log stands where it stood. */
  readonly marks: Uint8Array | undefined
}

/** How an answer begins: with everything, or after what the asker has. */
export interface Beginning {
  readonly mode: 'snapshot' | 'resume'
  readonly first: Reading
}

/** Reads one stretch, never longer than a line may be. */
export async function readStretch(log: Pick<Revocation, 'read'>, after: number): Promise<Reading> {
  const began = steadyNow()
  const { head, marks } = await log.read({ after, limit: MOST_MARKS })
  const last = marks.length < MOST_MARKS ? head.number : (marks.at(-1)?.number ?? head.number)
  const message = { type: 'marks', previous: after, number: last, marks } as const
  return {
    after,
    number: last,
    reachesHead: last >= head.number,
    head,
    began,
    marks: last > after ? encodeLine(message) : undefined,
  }
}

/** Reads the first stretch for somebody who has everything up to a number, or nothing. */
export async function readBeginning(
  log: Pick<Revocation, 'read'>,
  after: number | undefined,
): Promise<Beginning> {
  const first = await readStretch(log, after ?? 0)
  if (after !== undefined && isSameLog(after, first.head) && after >= first.head.floor)
    return { mode: 'resume', first }
  return { mode: 'snapshot', first: first.after === 0 ? first : await readStretch(log, 0) }
}

/** Whether a log that stands at this head once stood at the number: of the same epoch, and not above. */
export function isSameLog(number: number, head: LogHead): boolean {
  return epochOf(number) === epochOf(head.number) && number <= head.number
}

export function encodeLine(message: FeedMessage): Uint8Array {
  return ENCODER.encode(`${formatFeedMessage(message)}\n`)
}

/** A line of so many is about 100 kB. */
const MOST_MARKS = 1000
const ENCODER = new TextEncoder()
