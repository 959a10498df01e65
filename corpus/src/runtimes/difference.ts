import type { CaseAnswers } from '../run/corpus-answers.ts'

/**
 * Where a runtime's verdicts are not those of Node, entry point by entry point; empty when nowhere. In what ways an entry
 * point was asked may differ, since not every platform has synchronous cryptography; the verdict may not. `known` is what
 * is expected to differ: verdicts by the names that {@link verdictsOf} gives.
 */
export function differences(
  node: readonly CaseAnswers[],
  there: readonly CaseAnswers[],
  known: Readonly<Record<string, string>> = {},
): readonly string[] {
  const wanted = new Map([...verdictsOf(node), ...Object.entries(known)])
  const given = verdictsOf(there)
  return [...new Set([...wanted.keys(), ...given.keys()])]
    .filter((name) => (wanted.get(name) ?? NOT_ASKED) !== (given.get(name) ?? NOT_ASKED))
    .map(
      (name) => `${name}: ${given.get(name) ?? NOT_ASKED}, where ${wanted.get(name) ?? NOT_ASKED} is right`,
    )
}

/** The verdict, or if its ways disagree the verdicts, of each entry point for each token: `group/case entry` and `…, token 2`. */
export function verdictsOf(all: readonly CaseAnswers[]): ReadonlyMap<string, string> {
  const verdicts = new Map<string, Set<string>>()
  for (const { id, answers } of all)
    for (const { entry, way, verdict } of answers) {
      const [which = ''] = /, token \d+$/.exec(way) ?? []
      const name = `${id} ${entry}${which}`
      verdicts.set(name, (verdicts.get(name) ?? new Set()).add(verdict))
    }
  return new Map([...verdicts].map(([name, set]) => [name, [...set].sort().join(' or ')]))
}

export const NOT_ASKED = 'not asked'
