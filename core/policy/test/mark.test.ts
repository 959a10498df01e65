import { epochOf, firstOfEpoch, isMarkKind, markKinds } from '@jotwarden/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('markKinds', () => {
  test('asks for rev exactly where what began later must pass', () => {
    const ordered = Object.entries(markKinds).filter(([, kind]) => kind.ordered)
    expect(ordered.map(([name]) => name)).toEqual(['subject', 'client', 'issuer'])
    expect(Object.keys(markKinds).sort()).toEqual(
      ['client', 'issuer', 'key', 'login', 'session', 'subject', 'token'], // docs/feed.md, Marks
    )
  })
})

describe('isMarkKind()', () => {
  for (const kind of Object.keys(markKinds)) test(`knows ${kind}`, () => expect(isMarkKind(kind)).toBe(true))

  for (const text of [
    '',
    'Token',
    'tokens',
    ' token',
    'toString',
    'constructor',
    '__proto__',
    'hasOwnProperty',
  ])
    test(`does not know ${JSON.stringify(text)}`, () => expect(isMarkKind(text)).toBe(false))
})

describe('epochOf()', () => {
  test('moves with 2^40 numbers', () => {
    expect(epochOf(0)).toBe(0)
    expect(epochOf(2 ** 40 - 1)).toBe(0)
    expect(epochOf(2 ** 40)).toBe(1)
    expect(epochOf(Number.MAX_SAFE_INTEGER)).toBe(2 ** 13 - 1)
  })

  test('of firstOfEpoch() is the epoch, and of the number before is the one before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 13 - 1 }), (epoch) => {
        expect(Number.isSafeInteger(firstOfEpoch(epoch))).toBe(true)
        expect(epochOf(firstOfEpoch(epoch))).toBe(epoch)
        expect(epochOf(firstOfEpoch(epoch) - 1)).toBe(epoch - 1)
      }),
    )
  })

  test('never decreases as numbers grow', () => {
    const number = fc.nat({ max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(epochOf(Math.min(a, b))).toBeLessThanOrEqual(epochOf(Math.max(a, b)))
      }),
    )
  })
})
