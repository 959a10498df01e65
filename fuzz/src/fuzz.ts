import { type Disagreement, judged } from './judge.ts'
import type { Rule } from './rules/rule.ts'
import { rules } from './rules/rules.ts'
import { type Specimen, smallest, specimen } from './specimen.ts'
import { type Fault, totalityFault } from './totality/total.ts'

export interface FuzzOptions {
  readonly seed: number
  /** Goes on for so long, and for `atLeast` specimens however slow the machine is. */
  readonly seconds: number
  readonly atLeast?: number
  /** All of the table when left out. */
  readonly rules?: readonly Rule[]
  onProgress?(report: FuzzReport): void
}

export interface FuzzReport {
  readonly seed: number
  readonly specimens: number
  readonly accepted: number
  /** How often each rule explained a disagreement. */
  readonly rules: Readonly<Record<string, number>>
  /** What no rule explains; it ends after a few. */
  readonly unnamed: readonly Unnamed[]
  readonly faults: readonly Fault[]
}

/** A disagreement without a rule, and the fewest steps that lead to it. */
export interface Unnamed extends Pick<Specimen, 'seed' | 'number' | 'alg' | 'steps' | 'token'> {
  readonly between: string
  readonly ours: string
  readonly theirs: string
}

/** Makes specimens from the seed and gives each to everybody, until the time is over or too much is amiss. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, seconds, atLeast = 0, rules: known = rules, onProgress } = options
  const end = performance.now() + seconds * 1000
  const counts = new Map(known.map(({ name }) => [name, 0]))
  const unnamed: Unnamed[] = []
  const faults: Fault[] = []
  let accepted = 0
  let number = 0
  const report = (): FuzzReport => ({
    seed,
    specimens: number,
    accepted,
    rules: Object.fromEntries(counts),
    unnamed,
    faults,
  })
  for (; number < atLeast || performance.now() < end; number++) {
    const one = specimen(seed, number)
    const judgement = await judged(one, known)
    if (judgement.accepted) accepted++
    for (const disagreement of judgement.disagreements) {
      const { rule } = disagreement
      if (rule === undefined) unnamed.push(await described(one, disagreement, known))
      else counts.set(rule.name, (counts.get(rule.name) ?? 0) + 1)
    }
    const fault = totalityFault(seed, number)
    if (fault !== undefined) faults.push(fault)
    if (unnamed.length + faults.length >= MOST_FINDINGS) break
    if (number % PROGRESS_EVERY === 0) onProgress?.(report())
  }
  return report()
}

async function described(
  one: Specimen,
  { between, ours, theirs }: Disagreement,
  known: readonly Rule[],
): Promise<Unnamed> {
  const stillUnnamed = async (smaller: Specimen): Promise<boolean> => {
    const { disagreements } = await judged(smaller, known)
    return disagreements.some(
      (other) => other.rule === undefined && other.between === between && other.ours === ours,
    )
  }
  const { seed, number, alg, steps, token } = await smallest(one, stillUnnamed)
  return { seed, number, alg, steps, token, between, ours, theirs }
}

const MOST_FINDINGS = 10
const PROGRESS_EVERY = 500
