import type { Answer } from './answer.ts'
import type { Corpus } from './compare.ts'
import { runCase } from './run-case.ts'

/** What one platform answers to one case. */
export interface CaseAnswers {
  readonly id: string
  readonly answers: readonly Answer[]
}

/**
 * All answers of the platform that this runs on, in the order of the cases: what two platforms are compared by. An error
 * that is no refusal is an answer here, so that one runtime's fault does not hide what the others say.
 */
export async function corpusAnswers({ cases, keys }: Corpus): Promise<readonly CaseAnswers[]> {
  const all: CaseAnswers[] = []
  for (const one of cases) {
    try {
      all.push({ id: one.id, answers: await runCase(one, keys) })
    } catch (error) {
      all.push({ id: one.id, answers: [{ entry: 'verify', way: 'error', verdict: String(error) }] })
    }
  }
  return all
}
