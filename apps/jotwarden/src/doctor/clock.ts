import { formatMoment } from '../output/moment.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Moments in seconds; `undefined` is not known. */
export interface Clocks {
  readonly now: number
  /** When the file system says that a file was written that was written now. */
  readonly fileSystem: number | undefined
  /** The latest moment that the store has on record. */
  readonly recorded: number | undefined
}

/** Whether the clock agrees with the file system's and with what was recorded before. */
export function clockDiagnoses({ now, fileSystem, recorded }: Clocks): readonly Diagnosis[] {
  const diagnoses: Diagnosis[] = []
  if (fileSystem !== undefined && Math.abs(fileSystem - now) > TOLERANCE)
    diagnoses.push({
      severity: 'warning',
      subject: 'clock',
      problem: `is ${Math.round(Math.abs(fileSystem - now))} s ${fileSystem > now ? 'behind' : 'ahead of'} that of the file system`,
      remedy: REMEDY,
    })
  if (recorded !== undefined && recorded - now > TOLERANCE)
    diagnoses.push({
      severity: 'error',
      subject: 'clock',
      problem: `was set back: the store has something of ${formatMoment(recorded)}, and it is ${formatMoment(now)} now; tokens live longer than they say until it has caught up`,
      remedy: REMEDY,
    })
  return diagnoses
}

/** Seconds. */
const TOLERANCE = 5
const REMEDY = 'Let the machine keep its clock by NTP'
