import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Comparison, comparison } from '../src/rivals/compared-rivals.ts'
import { rivalsDocument } from '../src/rivals/document.ts'

describe('the comparison with other libraries', () => {
  let made: Comparison

  beforeAll(async () => {
    made = await comparison()
  })

  test('docs/rivals.md says what they answer', () => {
    const stored = readFileSync(new URL('../../docs/rivals.md', import.meta.url), 'utf8')
    expect(stored === rivalsDocument(made), 'npm run corpus -- --rivals --write').toBe(true)
  })

  test('puts it fairly: each library accepts good tokens, and refuses none for want of a setting', () => {
    for (const [at, { name }] of made.rivals.entries()) {
      const controls = made.rows.filter((row) => row.control)
      const outcomes = controls.map((row) => `${row.one.id} ${row.outcomes[at]?.kind}`)
      expect(outcomes.filter((one) => one.endsWith('accepted')).length).toBeGreaterThan(20)
      const refused = outcomes.filter((one) => !/accepted|n\/a$/.test(one))
      // Its own rule: a token has a kid
      expect(refused.every((one) => name === 'aws-jwt-verify' && one.includes('no-kid'))).toBe(true)
    }
  })
})
