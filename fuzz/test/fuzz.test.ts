import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { fuzz } from '../src/fuzz.ts'
import { judged } from '../src/judge.ts'
import { fuzzAlgorithms } from '../src/keys.ts'
import { textOf } from '../src/report.ts'
import { rules } from '../src/rules/rules.ts'
import { smallest, specimen } from '../src/specimen.ts'

describe('fuzzing for twenty seconds', () => {
  test('finds no disagreement without a name and no function that is not total, and meets every rule', async () => {
    const report = await fuzz({ seed: SEED, seconds: 20, atLeast: FEWEST })
    expect(textOf(report)).toMatch(/\n0 disagreements without a name, 0 functions that are not total$/)
    expect(Object.entries(report.rules).filter(([, count]) => count === 0)).toEqual([])
    // Without these nothing would have been compared
    expect(report.specimens).toBeGreaterThanOrEqual(FEWEST)
    expect(report.accepted).toBeGreaterThan(report.specimens / 10)
    expect(report.accepted).toBeLessThan(report.specimens / 2)
  }, 240_000)
})

describe('specimen()', () => {
  test('makes the same steps of the same seed and number, and others of other numbers', () => {
    const stepsOf = (seed: number, from: number): readonly string[] =>
      Array.from({ length: 50 }, (_, number) => specimen(seed, from + number).steps.join())
    expect(stepsOf(3, 0)).toEqual(stepsOf(3, 0))
    expect(stepsOf(3, 0)).not.toEqual(stepsOf(3, 50))
    expect(stepsOf(3, 0)).not.toEqual(stepsOf(4, 0))
  })

  test('without steps is a token that we accept, under every algorithm', async () => {
    const good = new Map<string, string>()
    for (let number = 0; good.size < fuzzAlgorithms.length; number++) {
      const one = specimen(SEED, number)
      if (one.steps.length === 0) good.set(one.alg, one.token)
    }
    for (const [alg, token] of good)
      expect([alg, await judged({ alg: alg as (typeof fuzzAlgorithms)[number], token })]).toMatchObject([
        alg,
        { accepted: true },
      ])
  })

  test('leaves out a step and nothing else, so that a finding shrinks to what matters', async () => {
    const several = Array.from({ length: 400 }, (_, number) => specimen(SEED, number)).find(
      ({ steps }) => steps.length === 4,
    )
    const kept = several?.steps[2]
    if (several === undefined || kept === undefined) throw new Error('The first specimens are too short')
    const least = await smallest(several, async ({ steps }) => steps.includes(kept))
    expect(least.steps).toEqual([kept])
  })
})

describe('a disagreement that no rule names', () => {
  test('is a finding with its seed, its number, the token and the one step that leads to it', async () => {
    const known = rules.filter(({ name }) => name !== 'one-name-once')
    const { unnamed } = await fuzz({ seed: SEED, seconds: 0, atLeast: 400, rules: known })
    expect(unnamed.length).toBeGreaterThan(1)
    for (const { seed, number, steps, token, ours, theirs } of unnamed) {
      expect([seed, ours, theirs]).toEqual([SEED, 'token/duplicate-member', 'accept'])
      expect(steps).toEqual([expect.stringMatching(/^(?:repeated-member|set-|byte-)/)])
      expect(specimen(seed, number).steps).toEqual(expect.arrayContaining([...steps]))
      expect(token.split('.')).toHaveLength(3)
    }
  })

  test('is not excused by a rule for tokens that are like something else', () => {
    const rule = rules.find(({ name }) => name === 'canonical-base64url')
    expect(rule?.holds({ ...emptyExamined, segments: ['AA', 'AA', 'AA'] })).toBe(false)
    expect(rule?.holds({ ...emptyExamined, segments: ['AB', 'AA', 'AA'] })).toBe(true)
  })
})

describe('npm run fuzz', () => {
  test.each([
    [['--help'], 0, /Examples:/, /^$/],
    [['--seconds', '0'], 2, /^$/, /--seconds takes a whole number from 1 to 86400/],
    [['--sede', '1'], 2, /^$/, /Unknown option '--sede'/],
  ])('%s ends with %i', (args, status, stdout, stderr) => {
    const done = spawnSync(process.execPath, [...SOURCE, MAIN, ...args], { encoding: 'utf8' })
    expect(done.stderr).toMatch(stderr)
    expect(done.stdout).toMatch(stdout)
    expect(done.status).toBe(status)
  })
})

test('rules have names of their own, and say why and where that is written', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
  for (const { reason, source, refusal } of rules) {
    expect(reason).toMatch(/\.$/)
    expect(source).toMatch(/RFC \d{4}|CVE-|OpenID|\.ts/)
    expect(refusal).not.toHaveLength(0)
  }
})

const emptyExamined = {
  token: '',
  segments: [],
  headerText: '',
  claimsText: '',
  headerBytes: Buffer.alloc(0),
  claimsBytes: Buffer.alloc(0),
  header: {},
  claims: {},
}
const SEED = Number(process.env.FUZZ_SEED ?? 1)
/** So many that each rule is met, with this seed on any machine. */
const FEWEST = 6_000
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const SOURCE = ['--conditions=jotwarden-source']
