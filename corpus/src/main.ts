import { writeFileSync } from 'node:fs'
import { corpusFolder, loadCorpus, storedKeys, storedRandomness } from './load-corpus.ts'
import { makeCorpus } from './make/make-corpus.ts'
import { tableOf } from './report.ts'
import { judged } from './run/compare.ts'

/** `npm run corpus`: `--make` writes the data anew; then every case is run, and a table or (`--json`) every answer is printed. */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--make'))
    for (const [name, text] of makeCorpus(storedKeys(), storedRandomness()))
      writeFileSync(`${corpusFolder}${name}`, text)
  const judgements = await judged(loadCorpus())
  console.log(args.includes('--json') ? JSON.stringify(judgements, null, 2) : tableOf(judgements))
  process.exitCode = judgements.every((one) => one.faults.length === 0) ? 0 : 1
}

await main(process.argv.slice(2))
