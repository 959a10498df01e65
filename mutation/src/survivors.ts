/** The part of Stryker's report that is looked at (mutation-testing-report-schema 2). */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

interface Mutant {
  readonly mutatorName: string
  readonly replacement?: string
  readonly status: string
  readonly location: { readonly start: Place; readonly end: Place }
}

/** Both counted from 1. */
interface Place {
  readonly line: number
  readonly column: number
}

/** A change that no test notices, named by what stands there, so that it is known again when lines move. */
export interface Survivor {
  readonly file: string
  /** The line that the change begins on. */
  readonly line: string
  readonly from: string
  readonly to: string
}

/** Why a change need not be noticed. */
export interface ListedSurvivor extends Survivor {
  readonly reason: string
}

export interface Comparison {
  readonly detected: number
  readonly survived: number
  /** Values made once when a module is loaded: each would cost a run of all tests. */
  readonly leftOut: number
  /** Survivors that the list does not have. */
  readonly unlisted: readonly Survivor[]
  /** Entries of the list that were noticed, or are not there any more. */
  readonly outdated: readonly ListedSurvivor[]
}

/** Compares a report with the list of survivors that are known, for the files that it is about. */
export function compared(report: MutationReport, listed: readonly ListedSurvivor[]): Comparison {
  const mutants = Object.entries(report.files).flatMap(([file, { source, mutants: all }]) =>
    all.map((mutant) => ({ status: mutant.status, survivor: survivorOf(file, source, mutant) })),
  )
  const survivors = mutants.filter(({ status }) => SURVIVED.has(status)).map(({ survivor }) => survivor)
  const known = new Set(listed.map(keyOf))
  // On a busy machine a change that nobody could notice may have run out of time
  const present = new Set(
    mutants.filter(({ status }) => status !== 'Killed').map(({ survivor }) => keyOf(survivor)),
  )
  return {
    detected: mutants.filter(({ status }) => DETECTED.has(status)).length,
    survived: survivors.length,
    leftOut: mutants.filter(({ status }) => status === 'Ignored').length,
    unlisted: survivors.filter((one) => !known.has(keyOf(one))),
    outdated: listed.filter((one) => Object.hasOwn(report.files, one.file) && !present.has(keyOf(one))),
  }
}

function survivorOf(file: string, source: string, { location, replacement = '' }: Mutant): Survivor {
  const lines = source.split('\n')
  const { start, end } = location
  const inside = lines.slice(start.line - 1, end.line)
  const last = inside.length - 1
  const from = inside
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join('\n')
  return { file, line: (lines[start.line - 1] ?? '').trim(), from, to: replacement }
}

function keyOf({ file, line, from, to }: Survivor): string {
  return JSON.stringify([file, line, from, to])
}

const DETECTED: ReadonlySet<string> = new Set(['Killed', 'Timeout'])
const SURVIVED: ReadonlySet<string> = new Set(['Survived', 'NoCoverage'])
