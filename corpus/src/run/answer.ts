import type { Entry, Verdict } from '../hostile-case.ts'

/** What one way of asking an entry point has answered. */
export interface Answer {
  readonly entry: Entry
  /** Which of the functions that the entry point stands for. */
  readonly way: string
  readonly verdict: Verdict
}
