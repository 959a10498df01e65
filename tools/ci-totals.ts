import { existsSync, readFileSync } from 'node:fs'

/** What a run of tests and of the check came to. */
export interface Totals {
  readonly passed: number
  readonly failed: number
  /** Why the run failed where no failed test says so. */
  readonly reasons: readonly string[]
}

/** The part of vitest's JSON report that is counted. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/**
 * Counts every test of the report. A file that broke without a failed test, a runner that ended badly with nothing
 * failed, a run without a report or without one test, and every failed step of the check count as one failure each;
 * tests that were skipped count neither way.
 */
export function totalsOf(
  report: TestReport | undefined,
  testStatus: number,
  checkText: string,
  checkStatus: number,
): Totals {
  const files = report?.testResults ?? []
  const statuses = files.flatMap((file) => file.assertionResults.map((test) => test.status))
  const passed = statuses.filter((status) => status === 'passed').length
  const failedTests = statuses.filter((status) => status === 'failed').length
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const reasons = broken.map((file) => `broken without a failed test: ${file.name}`)
  if (report === undefined) reasons.push('the tests left no report')
  else if (passed + failedTests === 0) reasons.push('there were no tests')
  else if (testStatus !== 0 && failedTests + broken.length === 0)
    reasons.push(`npm test ended with ${testStatus}`)
  const failedSteps = Number(/^check: \d+ passed, (\d+) failed$/m.exec(checkText)?.[1] ?? 0)
  const failedChecks = checkStatus === 0 ? failedSteps : Math.max(failedSteps, 1)
  if (failedChecks > 0) reasons.push(`npm run check failed (${failedChecks})`)
  return { passed, failed: failedTests + reasons.length + Math.max(failedChecks - 1, 0), reasons }
}

if (import.meta.main) {
  const [reportFile = '', testStatus, checkFile = '', checkStatus] = process.argv.slice(2)
  const report = existsSync(reportFile)
    ? (JSON.parse(readFileSync(reportFile, 'utf8')) as TestReport)
    : undefined
  const totals = totalsOf(report, Number(testStatus), readFileSync(checkFile, 'utf8'), Number(checkStatus))
  for (const reason of totals.reasons) console.log(reason)
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  process.exitCode = totals.failed === 0 ? 0 : 1
}
