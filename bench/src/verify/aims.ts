import type { JudgedAim, Result } from '../result.ts'
import type { Interval } from './interval.ts'

/** What was set out to be reached: one subject against another, in one case. */
export interface Aim {
  readonly case: string
  readonly ours: string
  readonly other: string
  /** The ratio of the rates must be at least this, or `not slower`: not below 1 beyond noise. */
  readonly least: number | 'not slower'
}

/**
 * Judges each aim whose ratio was measured. One whose interval holds the aim is open, whatever its median says; to be
 * slower takes an interval that lies below 1 as a whole.
 */
export function judgedAims(aims: readonly Aim[], results: readonly Result[]): readonly JudgedAim[] {
  return aims.flatMap((aim) => {
    const ratio = results.find(
      ({ metric, subject, ...one }) =>
        metric === 'ratio' && one.case === aim.case && subject === `${aim.ours}/${aim.other}`,
    )
    return ratio === undefined ? [] : [judged(aim, ratio)]
  })
}

/** Judges how long one act of a subject may take, in nanoseconds. */
export function judgedTime(
  aim: { readonly case: string; readonly ours: string; readonly most: number },
  results: readonly Result[],
): readonly JudgedAim[] {
  return results
    .filter((one) => one.case === aim.case && one.subject === aim.ours && one.metric === 'time')
    .map(({ value }) => ({
      case: aim.case,
      aim: `${aim.ours} ≤ ${aim.most} ns`,
      measured: `${Math.round(value)} ns`,
      verdict: value <= aim.most ? 'met' : 'not met',
    }))
}

function judged(aim: Aim, { value, interval = { low: value, high: value } }: Result): JudgedAim {
  return {
    case: aim.case,
    aim:
      aim.least === 'not slower'
        ? `${aim.ours} not slower than ${aim.other}`
        : `${aim.ours} ≥ ${aim.least.toFixed(2)} × ${aim.other}`,
    measured: `${value.toFixed(2)} (${interval.low.toFixed(2)} – ${interval.high.toFixed(2)})`,
    verdict: verdictOf(aim.least, interval),
  }
}

function verdictOf(least: Aim['least'], { low, high }: Interval): JudgedAim['verdict'] {
  if (least === 'not slower') return high >= 1 ? 'met' : 'not met'
  if (low >= least) return 'met'
  return high < least ? 'not met' : 'open'
}
