import { describe, expect, test } from 'vitest'
import { isControl } from '../src/hostile-case.ts'
import { loadCorpus } from '../src/load-corpus.ts'
import { compared } from '../src/run/compare.ts'
import { runCase } from '../src/run/run-case.ts'

const { cases, keys } = loadCorpus()

for (const [group, members] of Map.groupBy(cases, (one) => one.group))
  describe(`hostile tokens: ${group}`, () => {
    for (const one of members)
      test(`${one.id}: ${one.title}`, async () => {
        const answers = await runCase(one, keys)
        expect(compared(one, answers)).toEqual([])
        // What a case expects of an entry point is worth nothing unless that was asked
        const asked = new Set(answers.map((answer) => answer.entry))
        const expected = Object.keys(one.expect).filter((entry) => !isOutOfReach(one.keys, entry))
        expect([...asked].sort()).toEqual(expected.sort())
      })
  })

/** A verifier shares no secret with the issuer. */
function isOutOfReach(names: readonly string[], entry: string): boolean {
  const [first] = names
  const secret = names.length === 1 && first !== undefined && keys[first]?.jwk.kty === 'oct'
  return secret && ['verifier', 'fetched', 'several', 'authenticate'].includes(entry)
}

describe('the hostile corpus', () => {
  test('has 276 distinct cases or more beside its controls', () => {
    const hostile = cases.filter((one) => !isControl(one))
    const distinct = new Set(
      hostile.map(({ token, keys, policy, request, next }) =>
        JSON.stringify([token, keys, policy, request, next]),
      ),
    )
    expect(distinct.size).toBe(hostile.length)
    expect(distinct.size).toBeGreaterThanOrEqual(276)
  })

  test('names each case once, in the group of its id', () => {
    expect(new Set(cases.map((one) => one.id)).size).toBe(cases.length)
    for (const one of cases) expect(one.id.split('/')[0]).toBe(one.group)
  })

  test('has a control in every group', () => {
    for (const [group, members] of Map.groupBy(cases, (one) => one.group))
      expect([group, members.some(isControl)]).toEqual([group, true])
  })

  test('calls controls by their name, and nothing else', () => {
    for (const one of cases) expect([one.id, one.id.includes('control')]).toEqual([one.id, isControl(one)])
  })
})
