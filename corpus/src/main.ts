import { writeFileSync } from 'node:fs'
import { corpusFolder, loadCorpus, storedKeys, storedRandomness } from './load-corpus.ts'
import { makeCorpus } from './make/make-corpus.ts'
import { tableOf } from './report.ts'
import { judged } from './run/compare.ts'

/**
 * `npm run corpus` runs every case and prints a table, or with `--json` every answer. `--make` writes the data anew
 * before that. `--rivals` puts the cases to other libraries instead; with `--write` the answer goes to docs/rivals.md.
 */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--rivals')) return rivals(args.includes('--write'))
  if (args.includes('--make'))
    for (const [name, text] of makeCorpus(storedKeys(), storedRandomness()))
      writeFileSync(`${corpusFolder}${name}`, text)
  const judgements = await judged(loadCorpus())
  console.log(args.includes('--json') ? JSON.stringify(judgements, null, 2) : tableOf(judgements))
  process.exitCode = judgements.every((one) => one.faults.length === 0) ? 0 : 1
}

async function rivals(write: boolean): Promise<void> {
  const { comparison } = await import('./rivals/compared-rivals.ts')
  const { rivalsDocument } = await import('./rivals/document.ts')
  const document = rivalsDocument(await comparison())
  if (write) writeFileSync(new URL('../../docs/rivals.md', import.meta.url), document)
  else console.log(document)
}

await main(process.argv.slice(2))
