import type { NewMark } from './marks.ts'
import type { SecurityEvent } from './security-event.ts'

/** What an act leaves behind beside its rows, written in the same act: events for people, marks for verifiers. */
export interface Recording {
  readonly events: readonly SecurityEvent[]
  readonly marks: readonly NewMark[]
}

/**
 * Says what an act's outcome is worth recording. Called inside the act, after its outcome is known and before it
 * commits; must be pure and fast.
 */
export type Recorder<Outcome> = (outcome: Outcome) => Recording

/** Events alone. */
export function noted(...events: readonly SecurityEvent[]): Recording {
  return { events, marks: [] }
}

export const NOTHING: Recording = Object.freeze({ events: [], marks: [] })
