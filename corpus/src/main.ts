import { writeFileSync } from 'node:fs'
import { corpusFolder, loadCorpus, storedKeys, storedRandomness } from './load-corpus.ts'
import { makeCorpus } from './make/make-corpus.ts'
import { tableOf } from './report.ts'
import { judged } from './run/compare.ts'

/** Runs what the command line asks for; 0 all as expected, 1 not, 2 misuse. */
async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((one) => !OPTIONS.has(one))
  if (unknown !== undefined || args.includes('--help') || args.includes('-h')) {
    process.exitCode = unknown === undefined ? 0 : 2
    return unknown === undefined ? console.log(USAGE) : console.error(USAGE)
  }
  if (args.includes('--rivals')) return rivals(args.includes('--write'), args.includes('--json'))
  if (args.includes('--make'))
    for (const [name, text] of makeCorpus(storedKeys(), storedRandomness()))
      writeFileSync(`${corpusFolder}${name}`, text)
  const judgements = await judged(loadCorpus())
  console.log(args.includes('--json') ? JSON.stringify(judgements, null, 2) : tableOf(judgements))
  process.exitCode = judgements.every((one) => one.faults.length === 0) ? 0 : 1
}

async function rivals(write: boolean, json: boolean): Promise<void> {
  const { comparison } = await import('./rivals/compared-rivals.ts')
  const { rivalsDocument } = await import('./rivals/document.ts')
  const compared = await comparison()
  if (json) return console.log(JSON.stringify(compared, null, 2))
  const document = rivalsDocument(compared)
  if (write) writeFileSync(new URL('../../docs/rivals.md', import.meta.url), document)
  else console.log(document)
}

const OPTIONS: ReadonlySet<string> = new Set(['--json', '--make', '--rivals', '--write', '--help', '-h'])
const USAGE = `npm run corpus -- [--json] [--make] [--rivals [--write | --json]]

Puts every hostile token to every way in, and prints how many are answered as they should be.

  --json            every answer
  --make            write the data anew before that
  --rivals          put the cases to other libraries, and print the page about it
  --rivals --write  the same into docs/rivals.md
  --rivals --json   every case with what each library answers

Examples:
  npm run corpus
  npm run corpus -- --json > answers.json
  npm run corpus -- --rivals --write

Exit codes: 0 all as expected, 1 not, 2 misuse.`

await main(process.argv.slice(2))
