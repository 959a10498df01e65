import { expect, test } from 'vitest'
import { judgedAims, judgedTime } from '../src/verify/aims.ts'
import { figuresOf } from '../src/verify/figures.ts'
import { medianInterval } from '../src/verify/interval.ts'
import { orderOf, takeTurns } from '../src/verify/turns.ts'

// Ranks of the binomial distribution with p = 1/2, as tables of the sign test give them
for (const [count, low, high] of [
  [1, 1, 1],
  [5, 1, 5],
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [12, 3, 10],
  [20, 6, 15],
  [41, 14, 28],
] as const) {
  test(`medianInterval() of 1 to ${count} is ${low} to ${high}`, () => {
    const values = Array.from({ length: count }, (_, index) => index + 1)
    expect(medianInterval(values.toReversed())).toEqual({ low, high })
  })
}

test('orderOf() lets each subject go before and after each other, and begins with each', () => {
  const subjects = ['a', 'b', 'c']
  const orders = Array.from({ length: 6 }, (_, round) => orderOf(subjects, round).join(''))
  expect(orders).toEqual(['abc', 'cba', 'bca', 'acb', 'cab', 'bac'])
})

test('takeTurns() gives one rate a round and subject, and refuses a subject that answers wrongly', async () => {
  const right = { name: 'right', prepare: (count: number) => () => count }
  const wrong = { name: 'wrong', prepare: (count: number) => async () => count - 1 }
  const turns = await takeTurns([right], { rounds: 3, seconds: 0.001 })
  expect(turns.map(({ name, rates }) => [name, rates.length])).toEqual([['right', 3]])
  await expect(takeTurns([right, wrong], { rounds: 1, seconds: 0.001 })).rejects.toThrow('wrong')
})

test('figuresOf() gives the median of the ratios within each round, not the ratio of the medians', () => {
  const turns = [
    { name: 'floor', rates: [100, 400, 1000] },
    { name: 'ours', rates: [50, 400, 250] },
  ]
  const results = figuresOf('HS256', turns, (name) => name === 'ours')
  expect(results.find((one) => one.subject === 'ours' && one.metric === 'rate')?.value).toBe(250)
  expect(results.find((one) => one.subject === 'floor' && one.metric === 'time')?.value).toBe(2_500_000)
  expect(results.filter((one) => one.metric === 'ratio')).toEqual([
    {
      case: 'HS256',
      subject: 'ours/floor',
      metric: 'ratio',
      value: 0.5,
      unit: '×',
      rounds: [0.5, 1, 0.25],
      interval: { low: 0.25, high: 1 },
    },
  ])
})

const ratio = { case: 'RS256', subject: 'ours/floor', metric: 'ratio', unit: '×', rounds: [] } as const
for (const [value, low, high, least, verdict] of [
  [0.95, 0.91, 0.99, 0.9, 'met'],
  [0.95, 0.89, 0.99, 0.9, 'open'],
  [0.85, 0.8, 0.95, 0.9, 'open'],
  [0.85, 0.8, 0.89, 0.9, 'not met'],
  [0.97, 0.95, 1.01, 'not slower', 'met'],
  [0.97, 0.95, 0.99, 'not slower', 'not met'],
] as const) {
  test(`judgedAims() calls ${low} to ${high} against ${least} ${verdict}`, () => {
    const aims = [{ case: 'RS256', ours: 'ours', other: 'floor', least }]
    const judged = judgedAims(aims, [{ ...ratio, value, interval: { low, high } }])
    expect(judged.map((one) => one.verdict)).toEqual([verdict])
  })
}

test('judgedAims() says nothing of an aim that was not measured', () => {
  expect(
    judgedAims([{ case: 'ES256', ours: 'ours', other: 'floor', least: 1 }], [{ ...ratio, value: 2 }]),
  ).toEqual([])
})

test('judgedTime() compares the median with the most that it may be', () => {
  const time = { case: 'cache hit', subject: 'ours', metric: 'time', unit: 'ns', rounds: [] } as const
  const aim = { case: 'cache hit', ours: 'ours', most: 1000 }
  const judged = [1000, 1001].flatMap((value) => judgedTime(aim, [{ ...time, value }]))
  expect(judged.map((one) => one.verdict)).toEqual(['met', 'not met'])
})
