import { resolve } from 'node:path'
import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { formatMoment } from '../output/moment.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import type { Restored } from '../state/restore-store.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden store restore`. */
export function storeRestoreCommand(terminal: Terminal): Command {
  return withStore(new Command('restore'))
    .description('put a copy in the place of the store, while no server runs; everybody signs in again')
    .argument('<file>', 'a copy that `store backup` made')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP)
    .action((file: string, options: SharedOptions & { readonly yes?: boolean }) =>
      restore(terminal, resolve(terminal.folder, file), options),
    )
}

async function restore(
  terminal: Terminal,
  file: string,
  options: SharedOptions & { readonly yes?: boolean },
): Promise<void> {
  const { configuration } = configurationOf(terminal, options)
  const { requireStore } = await import('../state/look-at-store.ts')
  const { checkedCopy, restoreStore } = await import('../state/restore-store.ts')
  requireStore(file)
  const copy = checkedCopy(file, configuration.issuer)
  const own = copy.contents.issuers.find(({ issuer }) => issuer === configuration.issuer)
  const newest = own?.newestEvent ?? null
  const age = newest === null ? '' : `, whose newest event is of ${formatMoment(newest)}`
  await confirmed(
    terminal,
    options.yes,
    `Put ${file}${age} in the place of ${configuration.store.path}? What was written since is only in the store that is kept beside it, and everybody signs in again`,
  )
  const restored = await restoreStore(configuration, copy)
  const { path } = configuration.store
  if (options.json === true) print(terminal, JSON.stringify(asJson(path, file, restored)))
  else print(terminal, `Restored ${printable(file)} to ${printable(path)}.\n${sentences(restored)}`)
}

function asJson(
  path: string,
  file: string,
  { kept, revivedKeys, erasedAgain }: Restored,
): Record<string, unknown> {
  return { file: path, restored_from: file, kept, revived_keys: revivedKeys, erased_again: erasedAgain }
}

function sentences({ kept, revivedKeys, erasedAgain }: Restored): string {
  const before = kept === null ? [] : [`The store that was there is now ${printable(kept)}.`]
  const withdraw = revivedKeys.map((kid) => `  jotwarden keys compromise --yes -- ${printable(kid)}`)
  const erased = erasedAgain === 0 ? [] : [`Of it, ${erasedAgain} who were erased since are erased again.`]
  return [...before, CONSEQUENCES, ...erased, ...(withdraw.length === 0 ? [] : [REVIVED, ...withdraw])].join(
    '\n',
  )
}

const CONSEQUENCES = `Nothing that was issued until now is accepted any more: everybody signs in again, and services ask for new tokens.
Accounts, clients, passwords and consents are as they were when the copy was made; what was changed since is gone.`
const REVIVED = 'Keys that were withdrawn since work again. Withdraw them before you start the server:'
const HELP = `
Refused while a server or a command uses the store, and when the copy is not whole; nothing has changed then. The store
that was there stays beside the new one, under another name, until you remove it.

Examples:
  jotwarden store restore /backup/jotwarden-2026-11-24.db
  jotwarden store restore /backup/jotwarden.db --yes --json`
