import type { Roster } from '@jotwarden/authority'
import type { SharedOptions } from '../commands/shared-options.ts'
import type { Terminal } from '../output/terminal.ts'
import { configurationOf } from './configuration-of.ts'
import { SET_BACK } from './set-back.ts'

/** Opens the roster of the configured store for one act, and closes it after it. Needs no key. */
export async function withRoster<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (roster: Roster) => Promise<T>,
): Promise<T> {
  const { configuration } = configurationOf(terminal, options)
  const { openAccounts } = await import('./open-authority.ts')
  const { rosterOf } = await import('./roster-of.ts')
  const opened = await openAccounts(configuration)
  if (opened.wasSetBack) terminal.stderr.write(`warning: ${SET_BACK}\n`)
  try {
    return await act(rosterOf(opened.stores, configuration.issuer))
  } finally {
    await opened.close()
  }
}
