import {
  type Bucket,
  bucketsOf,
  counted,
  forgottenAt,
  type Tally,
  waitOf,
  withdrawn,
} from '@jotwarden/authority'
import { describe, expect, test } from 'vitest'

const T0 = 1_800_000_000
const PAIR: Bucket = { kind: 'login', scope: 'pair', key: 'k' }

describe('bucketsOf()', () => {
  const HOME = { who: 'ada', network: 'home' }
  const NOWHERE = { who: 'ada', network: null }
  const table = [
    ['a login', { kind: 'login', ...HOME }, false, ['pair', 'who', 'network']],
    ['a login without address', { kind: 'login', ...NOWHERE }, false, ['pair', 'who']],
    ['a login from a known network', { kind: 'login', ...HOME }, true, ['pair']],
    ['a client', { kind: 'client', ...HOME }, false, ['pair', 'network']],
    ['a client from a known network', { kind: 'client', ...HOME }, true, ['pair']],
    ['a grant', { kind: 'grant', ...HOME }, false, ['pair']],
  ] as const
  for (const [name, guess, isKnown, scopes] of table) {
    test(`counts ${name} by ${scopes.join(', ')}`, () => {
      expect(bucketsOf(guess, isKnown).map(({ scope }) => scope)).toEqual(scopes)
    })
  }
})

describe('waitOf()', () => {
  const waits: readonly (readonly [failures: number, seconds: number])[] = [
    ...([0, 1, 4] as const).map((failures) => [failures, 0] as const),
    ...([2, 4, 8, 16, 32, 64, 128, 256, 300, 300] as const).map(
      (wait, beyond) => [5 + beyond, wait] as const,
    ),
    [1000, 300],
  ]
  for (const [failures, seconds] of waits) {
    test(`after ${failures} failures of one name from one network is ${seconds} seconds`, () => {
      expect(waitOf(PAIR, failed(failures), T0)).toBe(seconds)
    })
  }

  test('ends when its seconds are over', () => {
    const tally = failed(7)
    expect(waitOf(PAIR, tally, T0 + 7.5)).toBe(0.5)
    expect(waitOf(PAIR, tally, T0 + 8)).toBe(0)
  })

  test('is no longer for a clock that was set back', () => {
    for (const back of [1, 60, 3600]) expect(waitOf(PAIR, failed(1000), T0 - back)).toBeLessThanOrEqual(300)
    expect(waitOf(PAIR, failed(1000), T0 - 3600)).toBe(0)
  })
})

describe('counted() and withdrawn()', () => {
  test('forget one failure in five minutes', () => {
    expect(counted(PAIR, failed(3), T0 + 300)).toEqual({ level: 3, at: T0 + 300 })
    expect(counted(PAIR, failed(3), T0 + 3000)).toEqual({ level: 1, at: T0 + 3000 })
    expect(counted(PAIR, failed(3), T0 - 50)).toEqual({ level: 4, at: T0 - 50 })
  })

  test('withdrawn leaves nothing of a single failure', () => {
    expect(withdrawn(PAIR, failed(1), T0)).toBeUndefined()
    expect(withdrawn(PAIR, undefined, T0)).toBeUndefined()
    expect(withdrawn(PAIR, failed(3), T0)).toEqual({ level: 2, at: T0 })
  })

  test('after an attack however long, everything is forgotten within two hours', () => {
    const tally = failed(100_000)
    if (tally === undefined) throw new Error('nothing was counted')
    expect(forgottenAt(PAIR, tally) - T0).toBeLessThanOrEqual(7200)
  })
})

function failed(times: number): Tally | undefined {
  let tally: Tally | undefined
  for (let count = 0; count < times; count += 1) tally = counted(PAIR, tally, T0)
  return tally
}
