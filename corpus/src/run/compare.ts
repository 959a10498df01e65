import { type CaseKeys, type Expected, type HostileCase, isControl } from '../hostile-case.ts'
import type { Answer } from './answer.ts'
import { runCase } from './run-case.ts'

export interface Corpus {
  readonly keys: CaseKeys
  readonly cases: readonly HostileCase[]
}

/** Where the answers differ from what the case expects; empty when nowhere. */
export function compared(one: HostileCase, answers: readonly Answer[]): readonly string[] {
  const differing = answers.filter((answer) => answer.verdict !== expectedOf(one, answer))
  return differing.map((answer) => {
    const wanted = expectedOf(one, answer) ?? 'nothing'
    return `${answer.entry} by ${answer.way}: ${answer.verdict}, where ${wanted} is expected`
  })
}

function expectedOf(one: HostileCase, { entry, way }: Answer): string | undefined {
  const [, number] = /, token (\d+)$/.exec(way) ?? []
  const expect: Expected = number === undefined ? one.expect : (one.next?.[Number(number) - 2]?.expect ?? {})
  return expect[entry]
}

/** What became of one case. */
export interface Judgement {
  readonly id: string
  readonly group: string
  readonly control: boolean
  readonly answers: readonly Answer[]
  readonly faults: readonly string[]
}

/** Runs the whole corpus, one case after the other. */
export async function judged({ cases, keys }: Corpus): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = []
  for (const one of cases) {
    const answers = await runCase(one, keys)
    const { id, group } = one
    judgements.push({ id, group, control: isControl(one), answers, faults: compared(one, answers) })
  }
  return judgements
}
