import { advance, type Draft, goodDraft, stages } from './draft.ts'
import { type FuzzAlgorithm, fuzzAlgorithms } from './keys.ts'
import { claimMutations } from './mutations/claims.ts'
import { headerMutations } from './mutations/header.ts'
import { jsonTextMutations } from './mutations/json-text.ts'
import type { Mutation } from './mutations/mutation.ts'
import { signatureMutations } from './mutations/signature.ts'
import { textMutations } from './mutations/text.ts'
import { SeededRandom } from './random.ts'

/** A token and how it came about. */
export interface Specimen {
  readonly seed: number
  readonly number: number
  readonly alg: FuzzAlgorithm
  /** What was done to a good token, in order; empty for a good one. */
  readonly steps: readonly string[]
  readonly token: string
}

/** The specimen of a number; `without` leaves some of its mutations out and changes nothing about the others. */
export function specimen(seed: number, number: number, without: ReadonlySet<number> = NONE): Specimen {
  const random = SeededRandom.of(seed, number)
  const alg = random.pick(fuzzAlgorithms)
  const chosen = chosenMutations(random)
  const draft = goodDraft(alg)
  const steps: string[] = []
  for (const stage of stages) {
    advance(draft, stage)
    for (const [index, mutation] of chosen.entries())
      if (mutation.stage === stage && !without.has(index))
        steps.push(applied(mutation, draft, SeededRandom.of(seed, number, index)))
  }
  return { seed, number, alg, steps, token: draft.token }
}

/** The fewest mutations under which it still holds. */
export async function smallest(
  one: Specimen,
  holds: (smaller: Specimen) => Promise<boolean>,
): Promise<Specimen> {
  let least = one
  const without = new Set<number>()
  for (let index = 0; index < MOST_MUTATIONS; index++) {
    const smaller = specimen(one.seed, one.number, new Set([...without, index]))
    if (smaller.steps.length === least.steps.length || !(await holds(smaller))) continue
    without.add(index)
    least = smaller
  }
  return least
}

/** Mostly one, so that what it does is seen; sometimes none, sometimes several. */
function chosenMutations(random: SeededRandom): readonly Mutation[] {
  const count = random.pick([0, 1, 1, 1, 1, 1, 2, 2, 3, MOST_MUTATIONS])
  return Array.from({ length: count }, () => random.pick(random.pick(families)))
}

function applied(mutation: Mutation, draft: Draft, random: SeededRandom): string {
  const detail = mutation.apply(draft, random)
  return detail === '' ? mutation.name : `${mutation.name}: ${detail}`
}

const MOST_MUTATIONS = 4
const NONE: ReadonlySet<number> = new Set()
const families = [claimMutations, headerMutations, jsonTextMutations, signatureMutations, textMutations]
