import type { Load } from './load.ts'
import { median, type Result } from './result.ts'

/** One timed part of one subject in one case. */
export interface Round {
  readonly case: string
  readonly subject: string
  readonly load: TimedLoad
}

/** A load, and the processor time that the subject took for one answer: it varies less than rates on a busy machine. */
export interface TimedLoad extends Load {
  readonly processorMicroseconds: number
}

/** Answers a second. */
export function rateOf(load: Load): number {
  return load.answers / load.seconds
}

/** The figures of every case and subject, and the ratios of the first subject's rates to the others', round by round. */
export function resultsOf(
  cases: readonly string[],
  subjects: readonly string[],
  rounds: readonly Round[],
): readonly Result[] {
  const [first = '', ...others] = subjects
  return cases.flatMap((of) => {
    const loadsOf = (subject: string): readonly TimedLoad[] =>
      rounds.filter((round) => round.case === of && round.subject === subject).map((round) => round.load)
    return [
      ...subjects.flatMap((subject) => figuresOf(of, subject, loadsOf(subject))),
      ...others.map((other) => ratioOf(of, `${first}/${other}`, loadsOf(first), loadsOf(other))),
    ]
  })
}

function figuresOf(of: string, subject: string, loads: readonly TimedLoad[]): readonly Result[] {
  return FIGURES.map(({ metric, unit, figure, total }) => {
    const rounds = loads.map(figure)
    const value = total ? rounds.reduce((sum, one) => sum + one, 0) : median(rounds)
    return { case: of, subject, metric, value, unit, rounds }
  })
}

function ratioOf(of: string, subject: string, ours: readonly Load[], theirs: readonly Load[]): Result {
  const rounds = ours.flatMap((load, round) => {
    const other = theirs[round]
    return other === undefined ? [] : [rateOf(load) / rateOf(other)]
  })
  return { case: of, subject, metric: 'ratio', value: median(rounds), unit: '×', rounds }
}

interface Figure {
  readonly metric: Result['metric']
  readonly unit: string
  figure(load: TimedLoad): number
  /** Summed over the rounds, where one is one too many. */
  readonly total?: true
}

const FIGURES: readonly Figure[] = [
  { metric: 'rate', unit: '1/s', figure: rateOf },
  { metric: 'p50', unit: 'ms', figure: (load) => load.p50 },
  { metric: 'p99', unit: 'ms', figure: (load) => load.p99 },
  { metric: 'processor', unit: 'µs', figure: (load) => load.processorMicroseconds },
  { metric: 'errors', unit: 'answers', figure: (load) => load.errors, total: true },
]
