import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { withAccounts } from '../state/with-accounts.ts'
import { type SharedOptions, withStore } from './shared-options.ts'
import { tokensLeft } from './tokens-left.ts'

interface EraseOptions extends SharedOptions {
  readonly yes?: boolean
  readonly compact: boolean
}

/** `jotwarden users erase`. */
export function usersEraseCommand(terminal: Terminal): Command {
  return withStore(new Command('erase'))
    .description('delete all that is known of a person (GDPR, art. 17); events stay and name nobody')
    .argument('<username>')
    .option('-y, --yes', 'do not ask')
    .option('--no-compact', 'leave it to `store compact` to clear the file of what was deleted')
    .addHelpText('after', HELP)
    .action((username: string, options: EraseOptions) => erase(terminal, username, options))
}

async function erase(terminal: Terminal, username: string, options: EraseOptions): Promise<void> {
  const { configuration } = configurationOf(terminal, options)
  await confirmed(terminal, options.yes, `Delete everything that is known of ${username}, for good?`)
  const { openErasureList } = await import('../state/erasure-list.ts')
  const { systemClock } = await import('../state/system.ts')
  const list = openErasureList(configuration.keys.epoch_file)
  let erased = ''
  await withAccounts(terminal, options, (accounts) =>
    accounts.erase(username, async (subject) => {
      erased = subject
      list.add(configuration.issuer, subject, systemClock.now())
    }),
  )
  if (options.compact) {
    const { compactStore } = await import('../state/compact-store.ts')
    compactStore(configuration.store.path)
  }
  if (options.json === true)
    return print(terminal, JSON.stringify({ subject: erased, erased: true, compacted: options.compact }))
  print(terminal, `Erased ${printable(username)}; ${tokensLeft(terminal, options)}`)
  print(terminal, options.compact ? BACKUPS : `${NOT_YET}\n${BACKUPS}`)
}

const BACKUPS =
  'Backups, and stores that a restore kept, still hold what they held; restoring one erases this person again.'
const NOT_YET = 'The file may still hold what was deleted until `jotwarden store compact` is run.'
const HELP = `
Account, consents, logins, sessions and codes are deleted; security events stay in their order and name the person by a
subject that says nothing. The file is then written anew without what was deleted, while writes of a server wait. A new
account of the same name is somebody else. Ask the applications: they have what they were told.

Examples:
  jotwarden users erase ann
  jotwarden users erase ann --yes --json`
