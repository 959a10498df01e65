import { expect, test } from 'vitest'
import { type TestReport, totalsOf } from '../ci-totals.ts'

const GOOD = 'check: 5 passed, 0 failed\n'

test('totalsOf() sums the tests of every file', () => {
  const report = reportOf(['passed', 'passed', 'skipped'], ['passed', 'failed'])
  expect(totalsOf(report, 1, GOOD, 0)).toEqual({ passed: 3, failed: 1, reasons: [] })
})

test('totalsOf() finds nothing wrong with a good run', () => {
  expect(totalsOf(reportOf(['passed']), 0, GOOD, 0)).toEqual({ passed: 1, failed: 0, reasons: [] })
})

for (const [name, report, testStatus, check, checkStatus, failed] of [
  ['every failed step of the check', reportOf(['passed']), 0, 'check: 3 passed, 2 failed\n', 1, 2],
  ['a check that broke off', reportOf(['passed']), 0, 'ok  layers\n', 124, 1],
  ['a file that broke before its tests', reportOf(['passed'], 'broken'), 1, GOOD, 0, 1],
  ['a runner that ended badly with nothing failed', reportOf(['passed']), 1, GOOD, 0, 1],
  ['a run without a test', reportOf(), 0, GOOD, 0, 1],
  ['a run whose tests were all skipped', reportOf(['skipped']), 0, GOOD, 0, 1],
  ['a run without a report', undefined, 1, GOOD, 0, 1],
  ['tests and check together', reportOf(['failed', 'failed']), 1, 'check: 4 passed, 1 failed\n', 1, 3],
] as const) {
  test(`totalsOf() counts ${name}`, () => {
    expect(totalsOf(report, testStatus, check, checkStatus).failed).toBe(failed)
  })
}

function reportOf(...files: readonly (readonly string[] | 'broken')[]): TestReport {
  return {
    testResults: files.map((tests, index) => ({
      name: `${index}.test.ts`,
      status: tests === 'broken' || tests.includes('failed') ? 'failed' : 'passed',
      assertionResults: tests === 'broken' ? [] : tests.map((status) => ({ status })),
    })),
  }
}
