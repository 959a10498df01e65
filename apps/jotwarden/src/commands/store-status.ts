import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { formatSize } from '../output/size.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden store status`. */
export function storeStatusCommand(terminal: Terminal): Command {
  return withStore(new Command('status'))
    .description('sizes, rows and revocation log of the store, whether a server runs or not; changes nothing')
    .addHelpText('after', HELP)
    .action((options: SharedOptions) => status(terminal, options))
}

async function status(terminal: Terminal, options: SharedOptions): Promise<void> {
  const { path } = configurationOf(terminal, options).configuration.store
  const { lookAtStore } = await import('../state/look-at-store.ts')
  const { contentsJson, contentsText, factLines } = await import('./store-contents.ts')
  const { contents, diskFree } = lookAtStore(path)
  if (options.json === true) {
    const json = { file: path, ...contentsJson(contents), log_size: contents.logSize, disk_free: diskFree }
    return print(terminal, JSON.stringify(json))
  }
  const newer = contents.isOldSchema ? ', which the next start takes to the newest' : ''
  const facts = factLines([
    ['file', path],
    ['size', `${formatSize(contents.size)}, of it ${formatSize(contents.freeSize)} free`],
    ['write-ahead log', formatSize(contents.logSize)],
    ['disk', `${formatSize(diskFree)} free`],
    ['schema', `version ${contents.schemaVersion}${newer}`],
  ])
  print(terminal, `${facts}\n\n${contentsText(contents, painterFor(terminal.stdout, terminal.environment))}`)
}

const HELP = `
Times are in UTC; with --json they are seconds since the epoch, and sizes are bytes.

Examples:
  jotwarden store status
  jotwarden store status --json | jq .tables.sessions`
