import { type KeyPlan, knownFrom, removableFrom, unusedFrom } from './key-plan.ts'
import type { KeyRecord } from './key-record.ts'
import { isWorn } from './key-uses.ts'
import { type KeyPurpose, keyPurposes } from './purposes.ts'

/**
 * One thing to do with a key, not before `at` (seconds since the epoch):
 * `make` a pending spare; `activate` the oldest spare and `retire` the active key, always together; `disarm` a retiring
 * signer, whose private part nobody needs any more; `remove` a key of which nothing is valid any more.
 */
export type KeyStep = {
  readonly purpose: KeyPurpose
  readonly at: number
  readonly reason: KeyStepReason
} & (
  | { readonly act: 'make' }
  | { readonly act: Exclude<KeyAct, 'make'>; readonly kid: string; readonly version: number }
)

export type KeyAct = 'make' | 'activate' | 'retire' | 'disarm' | 'remove'

/** Why: no spare stands ready; its age; it has been used enough; no node signs with it; nothing by it is valid. */
export type KeyStepReason = 'no-spare' | 'age' | 'use' | 'unused' | 'expired'

/** What steps are planned from. */
export interface ScheduleInput {
  readonly records: readonly KeyRecord[]
  /** Seconds since the epoch. */
  readonly now: number
  readonly plan: KeyPlan
  /** Keys that have protected enough, whatever their age: those are replaced as soon as a successor is known. */
  readonly worn?: ReadonlySet<string>
}

/** The steps that are due. Taking them all leaves nothing due at the same moment but the making of spares. */
export function dueSteps(input: ScheduleInput): readonly KeyStep[] {
  return plannedSteps(input).filter(({ at }) => at <= input.now)
}

/**
 * The next steps of every key, due or not, earliest first. Suspended and compromised keys are left to people, and so is a
 * purpose without an active key.
 */
export function plannedSteps(input: ScheduleInput): readonly KeyStep[] {
  const purposes = Object.values(keyPurposes).map(({ purpose }) => purpose)
  return purposes
    .flatMap((purpose) => {
      const records = input.records.filter((record) => record.purpose === purpose)
      return [...replacement(records, input), ...records.flatMap((record) => departure(record, input.plan))]
    })
    .toSorted((a, b) => a.at - b.at)
}

/**
 * The spare that was announced first takes over; without one there is nothing but to make it. One that was announced in the
 * future is none: a clock that ran ahead for a moment must not stop replacement for years.
 */
function replacement(records: readonly KeyRecord[], { now, plan, worn }: ScheduleInput): readonly KeyStep[] {
  const active = records.find(({ state }) => state === 'active')
  if (active === undefined) return []
  const { purpose } = active
  const ahead = now + plan.skew
  const [spare] = records
    .filter((record) => record.state === 'pending' && announcedAt(record) <= ahead)
    .toSorted(byAnnouncement)
  if (spare === undefined) return [{ act: 'make', purpose, at: now, reason: 'no-spare' }]
  const isUsedUp = worn?.has(active.kid) === true || isWorn(active, plan)
  const since = active.activatedAt ?? active.createdAt
  // Dated by a clock that was wrong: how old it is, nobody knows
  const isUndated = since > ahead
  const wanted =
    isUsedUp || isUndated ? Number.NEGATIVE_INFINITY : since + plan.purposes[purpose].rotationPeriod
  const together = {
    purpose,
    at: Math.max(wanted, knownFrom(spare, plan)),
    reason: isUsedUp ? 'use' : 'age',
  } as const
  return [
    { act: 'retire', kid: active.kid, version: active.version, ...together },
    { act: 'activate', kid: spare.kid, version: spare.version, ...together },
  ]
}

function departure(record: KeyRecord, plan: KeyPlan): readonly KeyStep[] {
  const { purpose, kid, version, state, retiringAt } = record
  if (state !== 'retiring' || retiringAt === null) return []
  const removable = record.removableAt ?? removableFrom(purpose, retiringAt, 0, plan)
  const remove: KeyStep = { act: 'remove', purpose, kid, version, at: removable, reason: 'expired' }
  const unused = unusedFrom(retiringAt, plan)
  const isArmed = keyPurposes[purpose].family === 'asymmetric' && record.wrapped !== null
  if (!isArmed || unused >= removable) return [remove]
  return [{ act: 'disarm', purpose, kid, version, at: unused, reason: 'unused' }, remove]
}

function byAnnouncement(a: KeyRecord, b: KeyRecord): number {
  return announcedAt(a) - announcedAt(b) || (a.kid < b.kid ? -1 : 1)
}

function announcedAt(record: KeyRecord): number {
  return record.announcedAt ?? record.createdAt
}
