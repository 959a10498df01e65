import { KeyringError } from './errors.ts'
import type { SpareRequest } from './first-keys.ts'
import type { KeyRecords } from './key-records.ts'
import { withoutUnopenedSpares } from './opened-keys.ts'
import type { KeyPurpose } from './purposes.ts'
import { plannedSteps } from './schedule.ts'
import { type KeySchedule, tendKeys } from './tend-keys.ts'

/** What came of replacing a key ahead of its date; `kid` names the key that does the work now, `next` its successor. */
export type Rotated =
  | { readonly outcome: 'rotated'; readonly kid: string }
  /** The successor is not known everywhere before `at` (seconds since the epoch). Nothing was changed but its announcement. */
  | { readonly outcome: 'too-early'; readonly kid: string; readonly next: string; readonly at: number }

/** Replaces the active key as soon as the promise allows. Whatever else is due is done too. */
export async function rotateKey(
  purpose: KeyPurpose,
  schedule: KeySchedule,
  records: KeyRecords,
  request: SpareRequest,
): Promise<Rotated> {
  const { issuer, now } = request
  const before = await activeOf(purpose, records, issuer)
  const worn = new Set([before])
  await tendKeys(schedule, records, request, worn)
  const after = await activeOf(purpose, records, issuer)
  if (after !== before) return { outcome: 'rotated', kid: after }
  const usable = await withoutUnopenedSpares(await records.list(issuer), request.store)
  const planned = plannedSteps({ records: usable, now, plan: schedule.plan, worn })
  const next = planned.find((step) => step.act === 'activate' && step.purpose === purpose)
  if (next === undefined || next.act !== 'activate' || next.at <= now)
    throw new KeyringError('keyring/conflict', 'Cannot replace the key: the store keeps refusing it')
  return { outcome: 'too-early', kid: after, next: next.kid, at: next.at }
}

async function activeOf(purpose: KeyPurpose, records: KeyRecords, issuer: string): Promise<string> {
  const listed = await records.list(issuer)
  const active = listed.find((record) => record.purpose === purpose && record.state === 'active')
  if (active !== undefined) return active.kid
  throw new KeyringError('keyring/no-active-key', `Cannot replace the ${purpose} key: none is active`)
}
