import type { Corpus } from '../run/compare.ts'
import type { CaseAnswers } from '../run/corpus-answers.ts'

/** A JavaScript runtime that is started for the corpus. */
export interface Runtime {
  readonly name: string
  /** Where it is, once installed. */
  readonly executable: string
  /** The command that installs it. */
  readonly remedy: string
  /** Starts it, gives it the corpus and ends it. */
  answers(corpus: Corpus): Promise<readonly CaseAnswers[]>
}
