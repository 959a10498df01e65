import { resolve } from 'node:path'
import { Command } from 'commander'
import { copyingOn } from '../output/copying.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface MigrateOptions extends SharedOptions {
  /** Where the copy goes; `false` for none. */
  readonly backup?: string | false
  readonly check?: boolean
}

/** `jotwarden store migrate`. */
export function storeMigrateCommand(terminal: Terminal): Command {
  return withStore(new Command('migrate'))
    .description('take the store to the schema of this version, with a copy made before')
    .option('--backup <file>', 'where the copy goes: a folder other than that of the store')
    .option('--no-backup', 'make none')
    .option('--check', 'say whether there is anything to do, and change nothing')
    .addHelpText('after', HELP)
    .action(async (options: MigrateOptions) => {
      process.exitCode = await migrate(terminal, options)
    })
}

async function migrate(terminal: Terminal, options: MigrateOptions): Promise<number> {
  const { path } = configurationOf(terminal, options).configuration.store
  const { lookAtStore } = await import('../state/look-at-store.ts')
  const { schemaVersion: from, isOldSchema } = lookAtStore(path).contents
  const tell = (to: number, copy: string | null, text: string) =>
    print(terminal, options.json === true ? JSON.stringify({ file: path, from, to, backup: copy }) : text)
  if (!isOldSchema) {
    tell(from, null, `Nothing to do: the schema is version ${from}, the newest`)
    return 0
  }
  if (options.check === true) {
    tell(from, null, `The schema is version ${from}, and this version of the software has a newer one`)
    return 1
  }
  const copy = await backUp(terminal, path, options.backup)
  const { openStores } = await import('../state/open-stores.ts')
  await (await openStores(path)).close()
  const to = lookAtStore(path).contents.schemaVersion
  const kept = copy === null ? '' : `\nThe store as it was: ${printable(copy)}`
  tell(to, copy, `Took the store from version ${from} to ${to} of the schema${kept}`)
  return 0
}

/** The copy's place; `null` when none is wanted. Throws `Refusal`. */
async function backUp(
  terminal: Terminal,
  from: string,
  file: MigrateOptions['backup'],
): Promise<string | null> {
  if (file === false) return null
  if (file === undefined) {
    throw new Refusal('misuse', 'Cannot migrate the store: there is no way back without a copy', {
      remedy: 'Say where it goes with --backup FILE, or that there shall be none with --no-backup',
    })
  }
  const to = resolve(terminal.folder, file)
  const copying = copyingOn(terminal)
  const { backUpFile } = await import('@jotwarden/store-sqlite')
  const { storeRefusal } = await import('../state/store-refusal.ts')
  try {
    await backUpFile({ from, to, replace: false, onProgress: copying.show })
  } catch (error) {
    throw storeRefusal(error)
  } finally {
    copying.clear()
  }
  return to
}

const HELP = `
Each step is a transaction, so that a migration that is killed goes on at the next one. The next start would do the same
without a copy. An older version of the software refuses the store afterwards: the way back is \`jotwarden store restore\`
with the copy. \`--check\` ends with 1 when there is something to do.

Examples:
  jotwarden store migrate --backup /backup/before-the-update.db
  jotwarden store migrate --check --json`
