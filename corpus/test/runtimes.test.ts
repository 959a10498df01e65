import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadCorpus } from '../src/load-corpus.ts'
import { type CaseAnswers, corpusAnswers } from '../src/run/corpus-answers.ts'
import { runtimes } from '../src/runtimes/all.ts'
import { differences, verdictsOf } from '../src/runtimes/difference.ts'
import { webDoor } from './web-door.ts'

// In CI nothing is left out: what is missing there fails
const mayBeMissing = process.env.JOTWARDEN_CI === undefined

describe('the corpus has the verdicts of Node', () => {
  const corpus = loadCorpus()
  let node: readonly CaseAnswers[] = []

  beforeAll(async () => {
    node = await corpusAnswers(corpus)
  })

  for (const { runtime, known } of [{ runtime: webDoor, known: {} }, ...runtimes]) {
    const missing = !existsSync(runtime.executable)
    if (missing)
      console.warn(`NOT TESTED on ${runtime.name}: it is not installed. Install it with: ${runtime.remedy}`)
    test.skipIf(missing && mayBeMissing)(
      `on ${runtime.name}`,
      async () => {
        expect(missing, `${runtime.name} is not installed: ${runtime.remedy}`).toBe(false)
        const there = await runtime.answers(corpus)
        expect(there.map(({ id }) => id)).toEqual(corpus.cases.map(({ id }) => id))
        expect(differences(node, there, known)).toEqual([])
      },
      180_000,
    )
  }

  test('and no entry point contradicts itself: all its ways have one verdict', () => {
    const split = [...verdictsOf(node)].filter(([, verdict]) => verdict.includes(' or '))
    expect(split).toEqual([])
  })
})

describe('differences()', () => {
  const answers = (verdict: string, way = 'verify'): readonly CaseAnswers[] => [
    { id: 'none/x', answers: [{ entry: 'verify', way, verdict }] },
  ]

  test('names another verdict, one that is missing and one that is new', () => {
    expect(differences(answers('token/alg'), answers('accept'))).toEqual([
      'none/x verify: accept, where token/alg is right',
    ])
    expect(differences(answers('token/alg'), [])).toEqual([
      'none/x verify: not asked, where token/alg is right',
    ])
    expect(differences([], answers('accept'))).toEqual(['none/x verify: accept, where not asked is right'])
  })

  test('is silent about another way with the same verdict, and about what is known', () => {
    expect(differences(answers('token/alg'), answers('token/alg', 'verifyAsync'))).toEqual([])
    expect(differences(answers('accept'), answers('token/alg'), { 'none/x verify': 'token/alg' })).toEqual([])
  })

  test('tells when what is known to differ differs no more', () => {
    expect(differences(answers('accept'), answers('accept'), { 'none/x verify': 'token/alg' })).toEqual([
      'none/x verify: accept, where token/alg is right',
    ])
  })
})
