import type { AccountImport, LocalAccounts } from '@jotwarden/authority'
import type { SharedOptions } from '../commands/shared-options.ts'
import type { Terminal } from '../output/terminal.ts'
import { configurationOf } from './configuration-of.ts'
import type { OpenedAccounts } from './open-authority.ts'
import { SET_BACK } from './set-back.ts'

/** Opens the accounts of the configured store for one act, and closes them after it. */
export function withAccounts<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (accounts: LocalAccounts) => Promise<T>,
): Promise<T> {
  return withOpened(terminal, options, ({ accounts }) => act(accounts))
}

/** The same, for an import. */
export function withAccountImport<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (people: AccountImport) => Promise<T>,
): Promise<T> {
  return withOpened(terminal, options, ({ accountImport }) => act(accountImport))
}

async function withOpened<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (opened: OpenedAccounts) => Promise<T>,
): Promise<T> {
  const { openAccounts } = await import('./open-authority.ts')
  const opened = await openAccounts(configurationOf(terminal, options).configuration)
  if (opened.wasSetBack) terminal.stderr.write(`warning: ${SET_BACK}\n`)
  try {
    return await act(opened)
  } finally {
    await opened.close()
  }
}
