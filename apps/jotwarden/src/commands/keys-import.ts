import { type ImportedKeys, importKeys } from '@jotwarden/keyring'
import { Command } from 'commander'
import { parseDuration } from '../config/duration.ts'
import { readImportFile } from '../import/import-file.ts'
import { painterFor } from '../output/colour.ts'
import { formatMoment } from '../output/moment.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { systemClock } from '../state/system.ts'
import { withStores } from '../state/with-stores.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface ImportCommandOptions extends SharedOptions {
  readonly for: string
  readonly dryRun?: boolean
}

/** `jotwarden keys import`. */
export function keysImportCommand(terminal: Terminal): Command {
  return withStore(new Command('import'))
    .description('publish the keys of the issuer that was here before, until its last token has ended')
    .argument('<file>', 'its key set (JWKS), as it publishes it; - for standard input')
    .requiredOption('--for <duration>', 'the longest life of its tokens, as 12h or 30d')
    .option('--dry-run', 'find what there is to find, and change nothing')
    .addHelpText('after', HELP)
    .action(async (file: string, options: ImportCommandOptions) => {
      process.exitCode = await importCommand(terminal, file, options)
    })
}

async function importCommand(
  terminal: Terminal,
  file: string,
  options: ImportCommandOptions,
): Promise<number> {
  const now = systemClock.now()
  const until = Math.ceil(now + secondsOf(options.for))
  const { keys } = await readImportFile(terminal, file, { hasSecrets: false })
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new Refusal('refused', 'Cannot import the keys: the file has no list of keys', {
      remedy: 'Take what the former issuer publishes at its jwks_uri: {"keys": [ … ]}',
    })
  }
  const dryRun = options.dryRun === true
  const outcome = await withStores(terminal, options, async ({ issuer, stores }) => {
    const order = { issuer, keys, until, now }
    const found = await importKeys(stores.keys, { ...order, dryRun: true })
    if (dryRun || found.findings.length > 0) return found
    // A mark must outlive whatever it refuses, also what was issued before us
    await stores.revocation.cover(issuer, until)
    return importKeys(stores.keys, { ...order, dryRun: false })
  })
  const ok = outcome.findings.length === 0
  if (options.json === true)
    print(
      terminal,
      JSON.stringify(
        ok ? { ok, dry_run: dryRun, imported: outcome.imported, until } : { ok, findings: outcome.findings },
      ),
    )
  else printOutcome(terminal, outcome, { until, dryRun })
  return ok ? 0 : 1
}

function secondsOf(text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== undefined && seconds >= 1 && seconds <= LONGEST) return seconds
  throw new Refusal('misuse', 'Cannot import the keys: --for is no duration from 1 second to 366 days', {
    remedy: 'Write the longest life of a token of the former issuer, as --for 12h or --for 30d',
  })
}

function printOutcome(
  terminal: Terminal,
  { imported, findings }: ImportedKeys,
  { until, dryRun }: { readonly until: number; readonly dryRun: boolean },
): void {
  const paint = painterFor(terminal.stdout, terminal.environment)
  if (findings.length > 0) {
    print(terminal, paint('red', `Nothing was imported: ${findings.length} wrong`))
    for (const { index, problem } of findings) print(terminal, `  keys[${index}] ${printable(problem)}`)
    return
  }
  const count = `${imported.length} ${imported.length === 1 ? 'key' : 'keys'}`
  print(terminal, dryRun ? `Would import ${count}; nothing was changed` : `Imported ${count}`)
  for (const kid of imported) print(terminal, `  ${printable(kid)}`)
  if (!dryRun) print(terminal, `Published until ${formatMoment(until)}; nothing is signed by them`)
}

/** Seconds. */
const LONGEST = 366 * 86_400
const HELP = `
For a move from another issuer of the same name: what it issued stays good wherever our key set is read, until it has ended.
Private keys are not taken: everything from now on is signed by keys that were made here. All are imported or none is.

Examples:
  curl -s https://auth.example.com/jwks > former.json      # before the move
  jotwarden keys import former.json --for 12h --dry-run
  jotwarden keys import former.json --for 12h`
