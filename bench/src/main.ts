import { parseArgs } from 'node:util'
import { authorityBenchmark } from './authority-benchmark.ts'
import { bundleBenchmark } from './bundle-benchmark.ts'
import { guessesBenchmark } from './guesses-benchmark.ts'
import { machineLine } from './machine.ts'
import { marksBenchmark } from './marks-benchmark.ts'
import { jsonLinesOf, tableOf } from './report.ts'
import { type Benchmark, type BenchmarkOptions, Misuse, type Report } from './result.ts'
import { revocationBenchmark } from './revocation-benchmark.ts'
import { verifyBenchmark } from './verify-benchmark.ts'

const BENCHMARKS: ReadonlyMap<string, Benchmark> = new Map([
  ['authority', authorityBenchmark],
  ['bundle', bundleBenchmark],
  ['guesses', guessesBenchmark],
  ['marks', marksBenchmark],
  ['revocation', revocationBenchmark],
  ['verify', verifyBenchmark],
])

const USAGE = `npm run bench -- ${[...BENCHMARKS.keys()].join('|')} [--json] [--quick] [--rounds=5] [--seconds=4] [--only=SUBJECT] [--case=CASE]

Examples:
  npm run bench -- verify --quick --case HS256
  npm run bench -- bundle --json`

/** What was asked for; undefined for a command line that asks for nothing we know. */
function asked() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        case: { type: 'string', multiple: true, default: [] },
      },
    })
  } catch {
    return undefined
  }
}

const command = asked()
const name = command?.positionals[0] ?? ''
const benchmark = BENCHMARKS.get(name)
if (command?.values.help) console.log(USAGE)
else if (command === undefined || benchmark === undefined) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  const { values } = command
  const parts = partsOf(name, values.quick)
  const report = await measured(benchmark, {
    rounds: Number(values.rounds ?? parts.rounds),
    seconds: Number(values.seconds ?? parts.seconds),
    quick: values.quick,
    only: values.only,
    cases: values.case,
    note: (text) => console.error(text),
  })
  if (report === undefined) process.exitCode = 2
  else {
    const machine = machineLine()
    console.log(values.json ? jsonLinesOf(name, machine, report) : `${machine}\n\n${tableOf(report)}`)
    const failed = report.results.some((result) => result.metric === 'errors' && result.value > 0)
    process.exitCode = failed ? 1 : 0
  }
}

/** Undefined where what was asked for is not there, which is said. */
async function measured(run: Benchmark, options: BenchmarkOptions): Promise<Report | undefined> {
  const { rounds, seconds, only, cases = [] } = options
  try {
    if (!(Number.isInteger(rounds) && rounds > 0 && seconds > 0 && seconds < 3600))
      throw new Misuse('Cannot measure: --rounds and --seconds are numbers above 0')
    if (cases.length > 0 && name !== 'verify') throw new Misuse(`Cannot measure: ${name} takes no --case`)
    const report = await run(options)
    const measuredNames = new Set(report.results.map((result) => result.subject))
    const missing = only.find((one) => !measuredNames.has(one))
    if (missing === undefined) return report
    throw new Misuse(`Cannot measure ${missing}: the subjects are ${[...measuredNames].join(', ')}`)
  } catch (error) {
    if (!(error instanceof Misuse)) throw error
    console.error(error.message)
    return undefined
  }
}

/** `verify` compares microseconds within one process: many short parts tell more there than a few long ones. */
function partsOf(bench: string, quick: boolean): { readonly rounds: number; readonly seconds: number } {
  if (bench === 'verify') return { rounds: quick ? 11 : 61, seconds: 0.01 }
  return { rounds: quick ? 1 : 5, seconds: quick ? 1 : 4 }
}
