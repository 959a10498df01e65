import { expect, test } from 'vitest'
import { jsonLinesOf, tableOf } from '../src/report.ts'
import { median, type Report } from '../src/result.ts'

for (const [values, expected] of [
  [[3], 3],
  [[5, 1, 3], 3],
  [[10, 1, 2, 9], 5.5],
  [[100, 20, 3], 20],
] as const) {
  test(`median() of ${values.join(', ')} is ${expected}`, () => expect(median(values)).toBe(expected))
}

const report: Report = {
  notes: ['load: none'],
  results: [
    { case: 'refresh', subject: 'ours', metric: 'rate', value: 1234.5, unit: '1/s', rounds: [1234.5] },
    { case: 'refresh', subject: 'ours', metric: 'p99', value: 12.34, unit: 'ms', rounds: [12.34] },
    { case: 'refresh', subject: 'ours/theirs', metric: 'ratio', value: 2, unit: '×', rounds: [1, 2, 3] },
  ],
}

test('tableOf() shows a row a subject, then the ratios with their rounds, then the notes', () => {
  expect(tableOf(report)).toBe(
    [
      'case     subject  answers/s  p99 ms',
      'refresh  ours         1,235    12.3',
      '',
      'case     ratio        median            rounds',
      'refresh  ours/theirs  2.00 ×  1.00  2.00  3.00',
      '',
      '- load: none',
    ].join('\n'),
  )
})

test('jsonLinesOf() gives the machine, then one object a figure', () => {
  const [first, ...lines] = jsonLinesOf('authority', '2 × x', report)
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(first).toEqual({ bench: 'authority', machine: '2 × x', notes: ['load: none'] })
  expect(lines).toHaveLength(3)
  expect(lines[2]).toEqual({
    bench: 'authority',
    case: 'refresh',
    subject: 'ours/theirs',
    metric: 'ratio',
    value: 2,
    unit: '×',
    rounds: [1, 2, 3],
  })
})
