import { expect, test } from 'vitest'
import { resultsOf, type TimedLoad } from '../src/rounds.ts'

test('resultsOf() gives medians of rounds, the sum of errors, and the median of the ratios of each round', () => {
  const rounds = [
    { case: 'refresh', subject: 'a', load: load({ answers: 200, errors: 1 }) },
    { case: 'refresh', subject: 'b', load: load({ answers: 100 }) },
    { case: 'refresh', subject: 'b', load: load({ answers: 10 }) },
    { case: 'refresh', subject: 'a', load: load({ answers: 50, errors: 2 }) },
    { case: 'refresh', subject: 'a', load: load({ answers: 300 }) },
    { case: 'refresh', subject: 'b', load: load({ answers: 300 }) },
  ]
  const results = resultsOf(['refresh'], ['a', 'b'], rounds)
  expect(results.find((one) => one.subject === 'a' && one.metric === 'rate')).toMatchObject({
    value: 100,
    rounds: [100, 25, 150],
  })
  expect(results.find((one) => one.subject === 'a' && one.metric === 'errors')?.value).toBe(3)
  expect(results.find((one) => one.metric === 'ratio')).toMatchObject({
    subject: 'a/b',
    value: 2,
    rounds: [2, 5, 1],
  })
})

function load(figures: Partial<TimedLoad>): TimedLoad {
  return {
    answers: 1,
    seconds: 2,
    errors: 0,
    p50: 1,
    p99: 1,
    exhausted: false,
    processorMicroseconds: 1,
    ...figures,
  }
}
