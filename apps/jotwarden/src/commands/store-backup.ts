import { resolve } from 'node:path'
import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { copyingOn } from '../output/copying.ts'
import { formatSize } from '../output/size.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface BackupOptions extends SharedOptions {
  readonly force?: boolean
}

/** `jotwarden store backup`. */
export function storeBackupCommand(terminal: Terminal): Command {
  return withStore(new Command('backup'))
    .description('copy the store as it is at one moment, while the server goes on')
    .argument('<file>', 'the copy, in a folder other than that of the store')
    .option('--force', 'replace a file that is there')
    .addHelpText('after', HELP)
    .action((file: string, options: BackupOptions) => backup(terminal, file, options))
}

async function backup(terminal: Terminal, file: string, options: BackupOptions): Promise<void> {
  const from = configurationOf(terminal, options).configuration.store.path
  const to = resolve(terminal.folder, file)
  const { backUpFile } = await import('@jotwarden/store-sqlite')
  const { lookAtStore, requireStore } = await import('../state/look-at-store.ts')
  const { storeRefusal } = await import('../state/store-refusal.ts')
  requireStore(from)
  const copying = copyingOn(terminal)
  try {
    await backUpFile({ from, to, replace: options.force === true, onProgress: copying.show })
  } catch (error) {
    throw storeRefusal(error)
  } finally {
    copying.clear()
  }
  const { contents } = lookAtStore(to)
  const { contentsJson, contentsText } = await import('./store-contents.ts')
  if (options.json === true) return print(terminal, JSON.stringify({ file: to, ...contentsJson(contents) }))
  const paint = painterFor(terminal.stdout, terminal.environment)
  print(
    terminal,
    `Copied the store to ${printable(to)} (${formatSize(contents.size)})\n\n${contentsText(contents, paint)}`,
  )
}

const HELP = `
The copy is checked, readable by its owner alone, and there as a whole or not at all. It needs no server to stop, and no
key. Keep the key-encryption key elsewhere: who has both has the private keys.

Examples:
  jotwarden store backup /backup/jotwarden-$(date +%F).db
  jotwarden store backup /backup/jotwarden.db --force --json`
