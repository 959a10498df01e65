import { type KeyPlan, removableFrom } from './key-plan.ts'
import type { KeyRecord } from './key-record.ts'
import { isKeyPurpose } from './purposes.ts'
import { mayProtect } from './states.ts'

/** Seconds: two years, the longest that any key may protect, whatever a plan says (NIST SP 800-57 Part 1 §5.3). */
export const LONGEST_CRYPTOPERIOD: number = 730 * 86_400

/** From when on the active key may protect nothing more, whether it has a successor or not. */
export function expiredFrom(record: KeyRecord, plan: KeyPlan | undefined): number {
  const wanted = isKeyPurpose(record.purpose) ? plan?.purposes[record.purpose].cryptoperiod : undefined
  return (record.activatedAt ?? record.createdAt) + Math.min(wanted ?? Infinity, LONGEST_CRYPTOPERIOD)
}

/**
 * The records as they count at this moment, whether or not anybody has looked after them: an active key past its
 * cryptoperiod no longer protects, and a key whose last day is over processes nothing. Without a plan nothing is known of
 * last days.
 */
export function asOf(
  records: readonly KeyRecord[],
  now: number,
  plan: KeyPlan | undefined,
): readonly KeyRecord[] {
  return records.map((record) => {
    if (plan !== undefined && isOver(record, now, plan)) return { ...record, state: 'retired' }
    if (mayProtect(record.state) && now >= expiredFrom(record, plan)) return { ...record, state: 'retiring' }
    return record
  })
}

/** A shortened cryptoperiod cuts nothing off: what an expired key made stays good until the longest period is over too. */
function isOver(record: KeyRecord, now: number, plan: KeyPlan): boolean {
  const { purpose, state, activatedAt, retiringAt, removableAt } = record
  if (!isKeyPurpose(purpose) || (state !== 'active' && state !== 'retiring')) return false
  if (state === 'retiring' && removableAt !== null && now >= removableAt) return true
  const lastUse = retiringAt ?? (activatedAt ?? record.createdAt) + LONGEST_CRYPTOPERIOD
  return now >= Math.max(removableAt ?? 0, removableFrom(purpose, lastUse, 0, plan))
}
