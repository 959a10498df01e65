import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { type MutatedPackage, mutatedPackages, reportOf, strykerOptions } from './mutated.ts'
import { type Comparison, compared, type ListedSurvivor, type MutationReport } from './survivors.ts'

/** `npm run mutation`: ends with 0 when every surviving mutant is listed, with 1 when not, with 2 when misused. */
function main(args: readonly string[]): number {
  const options = optionsOf(args)
  if (options === undefined) return 2
  if (options.help) {
    console.log(HELP)
    return 0
  }
  if (!options.report && !existsSync(STRYKER)) {
    console.error('error: Stryker is an install of its own. Run: npm ci --prefix mutation')
    return 2
  }
  // It takes long, and whoever works beside it should not notice
  setPriority(10)
  const comparisons = options.packages.map((one) => {
    if (!options.report) run(one, options.static)
    return judged(one)
  })
  return comparisons.every(({ unlisted, outdated }) => unlisted.length + outdated.length === 0) ? 0 : 1
}

interface Options {
  readonly packages: readonly MutatedPackage[]
  readonly static: boolean
  readonly report: boolean
  readonly help: boolean
}

function optionsOf(args: readonly string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        static: { type: 'boolean', default: false },
        report: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const wanted = mutatedPackages.filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    )
    if (wanted.length < positionals.length) throw new Error('A package is token or policy')
    return { ...values, packages: wanted }
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : 'misused'}\nRun with --help for help`)
    return undefined
  }
}

function run(one: MutatedPackage, withStatic: boolean): void {
  mkdirSync('artefacts/mutation', { recursive: true })
  const base: object = JSON.parse(readFileSync('mutation/stryker.config.json', 'utf8'))
  const file = `artefacts/mutation/${one.name}.config.json`
  writeFileSync(file, JSON.stringify({ ...base, ...strykerOptions(one, withStatic) }))
  const env = { ...process.env, MUTATED_PACKAGE: one.name }
  const done = spawnSync(process.execPath, [STRYKER, 'run', file], { stdio: 'inherit', env })
  if (done.status !== 0) throw new Error(`Stryker ended with ${done.status ?? done.signal}`)
}

function judged({ name }: MutatedPackage): Comparison {
  const report: MutationReport = JSON.parse(readFileSync(reportOf(name), 'utf8'))
  const listed: readonly ListedSurvivor[] = JSON.parse(readFileSync('mutation/survivors.json', 'utf8'))
  const comparison = compared(report, listed)
  const { detected, survived, leftOut, unlisted, outdated } = comparison
  const score = ((100 * detected) / (detected + survived)).toFixed(1)
  console.log(
    `core/${name}: ${detected} of ${detected + survived} mutants noticed (${score} %), ${leftOut} left out`,
  )
  for (const { file, line, from, to } of unlisted)
    console.log(`not listed: ${file}\n  ${line}\n  ${JSON.stringify(from)} → ${JSON.stringify(to)}`)
  for (const { file, line, to } of outdated)
    console.log(`listed, but noticed or gone: ${file}\n  ${line}\n  → ${JSON.stringify(to)}`)
  return comparison
}

const STRYKER = 'mutation/node_modules/@stryker-mutator/core/bin/stryker.js'
const HELP = `Usage: npm run mutation -- [token] [policy] [options]

Changes core/token and core/policy in small ways, one at a time, and sees whether a test notices. A change that none
notices must stand in mutation/survivors.json with the reason why that is right. Needs: npm ci --prefix mutation

Options:
  --static    also change values that are made once when a module is loaded; takes hours
  --report    run nothing, compare the last report with the list again
  -h, --help  print this

Examples:
  npm run mutation
  npm run mutation -- policy
  npm run mutation -- --report

Exit codes: 0 every survivor is listed, 1 one is not, or the list is outdated, 2 misuse.`

process.exitCode = main(process.argv.slice(2))
