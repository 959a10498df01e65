import { describe, expect, test } from 'vitest'
import { type HostileCase, isControl, tokenText } from '../src/hostile-case.ts'
import { shortened } from '../src/make/case-group.ts'
import { tableOf } from '../src/report.ts'
import type { Answer } from '../src/run/answer.ts'
import { compared } from '../src/run/compare.ts'

const one: HostileCase = {
  id: 'none/x',
  group: 'none',
  title: 'a case',
  why: 'RFC 8725',
  token: '..',
  keys: [],
  policy: { now: 1, issuer: 'https://a.example', audience: 'b', algorithms: ['ES256'], skew: 30 },
  expect: { verify: 'token/alg', verifier: 'accept' },
  next: [{ token: '.', after: 1, expect: { verifier: 'expired' } }],
}

const verified = (verdict: string): Answer => ({ entry: 'verify', way: 'verify', verdict })
const second = (verdict: string): Answer => ({ entry: 'verifier', way: 'verify, token 2', verdict })

describe('compared()', () => {
  test('is silent where every answer is the expected one', () => {
    expect(compared(one, [verified('token/alg'), second('expired')])).toEqual([])
  })

  test('names a token that was accepted, one that was refused for another reason, and a step that went wrong', () => {
    expect(compared(one, [verified('accept')])).toEqual([
      'verify by verify: accept, where token/alg is expected',
    ])
    expect(compared(one, [verified('token/json')])).toHaveLength(1)
    expect(compared(one, [second('accept')])).toEqual([
      'verifier by verify, token 2: accept, where expired is expected',
    ])
  })

  test('names an answer that nobody expected', () => {
    const answer: Answer = { entry: 'decide', way: 'decide', verdict: 'accept' }
    expect(compared(one, [answer])).toEqual(['decide by decide: accept, where nothing is expected'])
  })
})

test('isControl() is false where a later token has to be refused', () => {
  expect(isControl({ ...one, expect: { verifier: 'accept' } })).toBe(false)
  expect(isControl({ ...one, expect: { verifier: 'accept' }, next: [] })).toBe(true)
})

test('tableOf() counts cases by group and prints what went wrong', () => {
  const judgement = { id: 'none/x', group: 'none', control: false, answers: [verified('accept')] }
  const table = tableOf([
    { ...judgement, faults: ['verify: accept'] },
    { ...judgement, id: 'none/y', control: true, faults: [] },
  ])
  expect(table.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['group', 'hostile', 'controls', 'answers', 'as expected'],
    ['none', '1', '1', '2', '1'],
    ['all', '1', '1', '2', '1'],
    [''],
    ['none/x', 'verify: accept'],
  ])
})

test('shortened() tells a long text in pieces that make the same text', () => {
  const long = `begin.${'AAAA'.repeat(5000)}.${'B'.repeat(150)}${'eyJh'.repeat(120)}end`
  const pieces = shortened(long)
  expect(JSON.stringify(pieces).length).toBeLessThan(300)
  expect(tokenText(pieces)).toBe(long)
  expect(shortened('short')).toBe('short')
})
