import { type KeyPlan, type KeyStep, type KeyStepReason, keyPurposes } from '@jotwarden/keyring'
import type { Painter } from './colour.ts'
import { formatMoment } from './moment.ts'
import { formatTable } from './table.ts'

/** What is planned for the keys of one purpose; dates in seconds since the epoch, null when nobody knows. */
interface PurposeOutlook {
  readonly purpose: string
  readonly type: string
  readonly rotation_period: number
  readonly cryptoperiod: number | null
  readonly next: { readonly at: number; readonly act: KeyStep['act']; readonly reason: KeyStepReason } | null
}

/** The plan and what follows from it, purpose by purpose. */
export interface KeyOutlook {
  readonly owner: string
  readonly purposes: readonly PurposeOutlook[]
}

/** `steps` as `plannedSteps` gives them, earliest first. */
export function keyOutlook(owner: string, plan: KeyPlan, steps: readonly KeyStep[]): KeyOutlook {
  const purposes = Object.values(keyPurposes).map(({ purpose, keyType }) => {
    const { rotationPeriod, cryptoperiod } = plan.purposes[purpose]
    const step = steps.find((one) => one.purpose === purpose)
    const next = step === undefined ? null : { at: step.at, act: step.act, reason: step.reason }
    return {
      purpose,
      type: keyType,
      rotation_period: rotationPeriod,
      cryptoperiod: cryptoperiod ?? null,
      next,
    }
  })
  return { owner, purposes }
}

/** The outlook as lines for people. */
export function formatOutlook({ owner, purposes }: KeyOutlook, now: number, paint: Painter): string {
  const rows = purposes.map(({ purpose, type, rotation_period, cryptoperiod, next }) => {
    const limit = cryptoperiod === null ? '–' : inWords(cryptoperiod)
    return [purpose, type, inWords(rotation_period), limit, ...nextCells(next, now)]
  })
  const headings = ['purpose', 'type', 'replaced at', 'unusable at', 'next', 'what', 'why']
  return `Key plan, for which ${owner} answers\n${formatTable(headings, rows, paint)}`
}

function nextCells(next: PurposeOutlook['next'], now: number): readonly string[] {
  if (next === null) return ['–', 'nothing', 'there is no key to replace']
  return [next.at <= now ? 'now' : formatMoment(next.at), ACTS[next.act], REASONS[next.reason]]
}

function inWords(seconds: number): string {
  const unit = UNITS.find(([, length]) => seconds % length === 0)
  return unit === undefined ? `${seconds}s` : `${seconds / unit[1]}${unit[0]}`
}

/** The steps in words. */
export const ACTS: Readonly<Record<KeyStep['act'], string>> = {
  make: 'announce a spare',
  activate: 'activate',
  retire: 'retire',
  disarm: 'destroy the private part',
  remove: 'remove',
}
/** Their reasons in words. */
export const REASONS: Readonly<Record<KeyStepReason, string>> = {
  'no-spare': 'none stands ready',
  age: 'the active key has its age, and its successor is known',
  use: 'the active key has been used enough',
  unused: 'no server signs with it any more',
  expired: 'nothing that it protected is valid any more',
}
const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const
