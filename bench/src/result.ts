/** One figure: the median of the rounds. */
export interface Result {
  readonly case: string
  /** `a/b` for a ratio of two subjects. */
  readonly subject: string
  readonly metric: Metric
  readonly value: number
  readonly unit: string
  /** The figure of every round, in order. */
  readonly rounds: readonly number[]
  /** Where the median lies with 95 % confidence. */
  readonly interval?: { readonly low: number; readonly high: number }
}

export type Metric =
  | 'rate'
  | 'p50'
  | 'p99'
  | 'max'
  | 'processor'
  | 'errors'
  | 'count'
  | 'ratio'
  | 'time'
  | 'memory'
  | 'peak'
  | 'pause'
  | 'fetches'
  | 'size'

export interface Report {
  /** What a reader has to know beside the figures. */
  readonly notes: readonly string[]
  readonly results: readonly Result[]
  /** What was aimed for, and whether it was reached. */
  readonly aims?: readonly JudgedAim[]
}

export interface JudgedAim {
  readonly case: string
  /** As a sentence: `ours ≥ 0.90 × floor`. */
  readonly aim: string
  /** The figure, with its interval where it has one. */
  readonly measured: string
  /** `open`: the aim lies within the interval, so that another run might say otherwise. */
  readonly verdict: 'met' | 'not met' | 'open'
}

export interface BenchmarkOptions {
  readonly rounds: number
  /** Length of one timed part. */
  readonly seconds: number
  /** A first look, not for citing. */
  readonly quick?: boolean
  /** Subjects to run; all when empty. */
  readonly only: readonly string[]
  /** Cases to run; all when empty. */
  readonly cases?: readonly string[]
  /** Says how far it is. */
  note(text: string): void
}

/** Something was asked for that the benchmark has not. */
export class Misuse extends Error {
  override readonly name = 'Misuse'
}

export type Benchmark = (options: BenchmarkOptions) => Promise<Report>

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  const lower = sorted.length % 2 === 1 ? upper : (sorted[middle - 1] ?? Number.NaN)
  return (lower + upper) / 2
}
