import { Command } from 'commander'
import { formatSize } from '../output/size.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden store compact`. */
export function storeCompactCommand(terminal: Terminal): Command {
  return withStore(new Command('compact'))
    .description('write the file anew without what was deleted from it; writes of a server wait meanwhile')
    .addHelpText('after', '\nExamples:\n  jotwarden store compact\n  jotwarden store compact --json')
    .action((options: SharedOptions) => compact(terminal, options))
}

async function compact(terminal: Terminal, options: SharedOptions): Promise<void> {
  const { path } = configurationOf(terminal, options).configuration.store
  const { lookAtStore } = await import('../state/look-at-store.ts')
  const { compactStore } = await import('../state/compact-store.ts')
  const before = lookAtStore(path).contents.size
  compactStore(path)
  const after = lookAtStore(path).contents.size
  if (options.json === true) return print(terminal, JSON.stringify({ size_before: before, size: after }))
  print(terminal, `Compacted the store from ${formatSize(before)} to ${formatSize(after)}`)
}
