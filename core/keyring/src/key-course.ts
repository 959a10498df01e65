import { removableFrom } from './key-plan.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyPurpose } from './purposes.ts'
import { type KeyStep, plannedSteps, type ScheduleInput } from './schedule.ts'
import { mayProcess } from './states.ts'

/** A key's way through its states: what has been, and what follows if nobody intervenes. */
export interface KeyCourse {
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly spans: readonly KeySpan[]
}

/** Seconds since the epoch; `to` is null while nothing is known of the end. */
export interface KeySpan {
  readonly state: 'pending' | 'active' | 'retiring'
  readonly from: number
  readonly to: number | null
}

/** The courses of the keys that may still process, oldest first within each purpose. */
export function keyCourses(input: ScheduleInput): readonly KeyCourse[] {
  const steps = plannedSteps(input)
  return input.records
    .filter(({ state }) => mayProcess(state))
    .toSorted((a, b) => a.purpose.localeCompare(b.purpose) || a.createdAt - b.createdAt)
    .map((record) => ({ kid: record.kid, purpose: record.purpose, spans: spansOf(record, steps, input) }))
}

function spansOf(
  record: KeyRecord,
  steps: readonly KeyStep[],
  { now, plan }: ScheduleInput,
): readonly KeySpan[] {
  const { purpose } = record
  const dateOf = (act: KeyStep['act']) => {
    const step = steps.find((one) => one.act === act && one.act !== 'make' && one.kid === record.kid)
    // What is overdue happens as soon as somebody looks.
    return step === undefined ? null : Math.max(step.at, now)
  }
  const active = record.activatedAt ?? dateOf('activate')
  const retiring =
    record.retiringAt ?? dateOf('retire') ?? after(active, plan.purposes[purpose].rotationPeriod)
  const removed = dateOf('remove') ?? (retiring === null ? null : removableFrom(purpose, retiring, 0, plan))
  return [
    span('pending', record.announcedAt ?? record.createdAt, active),
    span('active', active, retiring),
    span('retiring', retiring, removed),
  ].filter((one) => one !== undefined)
}

function after(date: number | null, seconds: number): number | null {
  return date === null ? null : date + seconds
}

/** Undefined for a state that the key is not known to have, or was in for no time. */
function span(state: KeySpan['state'], from: number | null, to: number | null): KeySpan | undefined {
  return from === null || from === to ? undefined : { state, from, to }
}
