import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type FuzzReport, fuzz } from './fuzz.ts'
import { textOf } from './report.ts'

/** `npm run fuzz`: ends with 0 when every disagreement has a name, with 1 when one has none, with 2 when misused. */
async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args)
  if (options === undefined) return 2
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const { seed, seconds, json } = options
  console.error(`seed ${seed}, ${seconds} s`)
  const report = await fuzz({ seed, seconds, onProgress: progress() })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  console.log(json ? JSON.stringify(report, null, 2) : textOf(report))
  return report.unnamed.length + report.faults.length === 0 ? 0 : 1
}

interface Options {
  readonly seed: number
  readonly seconds: number
  readonly json: boolean
  readonly help: boolean
}

function optionsOf(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        seconds: { type: 'string', default: '60' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const seed = values.seed === undefined ? randomInt(2 ** 32) : whole('seed', values.seed, 0, 2 ** 32 - 1)
    return { ...values, seed, seconds: whole('seconds', values.seconds, 1, 86_400) }
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : 'misused'}\nRun with --help for help`)
    return undefined
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new Error(`--${name} takes a whole number from ${least} to ${most}`)
}

/** A line that is written over at a terminal; elsewhere one now and then. */
function progress(): (report: FuzzReport) => void {
  let next = 0
  return ({ specimens, unnamed, faults }) => {
    if (performance.now() < next) return
    next = performance.now() + (process.stderr.isTTY ? 200 : 10_000)
    const line = `${specimens} tokens, ${unnamed.length + faults.length} findings`
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
  }
}

const HELP = `Usage: npm run fuzz -- [options]

Spoils tokens and gives each to us, to jose and to fast-jwt; a disagreement that no rule names is a finding. Gives
strange input to every function of core that takes what comes from outside; an error that is no refusal is one as well.

Options:
  --seconds <n>  how long to go on (default: 60)
  --seed <n>     where chance begins; the same seed makes the same tokens (default: a new one, which is printed)
  --json         print one JSON document instead of text
  -h, --help     print this

Examples:
  npm run fuzz
  npm run fuzz -- --seconds 3600
  npm run fuzz -- --seed 7 --seconds 20
  npm run --silent fuzz -- --json --seconds 20 | jq .rules

Exit codes: 0 nothing found, 1 findings, 2 misuse.`

process.exitCode = await main(process.argv.slice(2))
