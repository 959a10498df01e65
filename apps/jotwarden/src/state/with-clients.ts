import type { ClientAdministration } from '@jotwarden/authority'
import type { SharedOptions } from '../commands/shared-options.ts'
import type { Terminal } from '../output/terminal.ts'
import { configurationOf } from './configuration-of.ts'

/** Opens the clients of the configured store for one act, and closes them after it. */
export async function withClients<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (clients: ClientAdministration) => Promise<T>,
): Promise<T> {
  const { configuration, environment } = configurationOf(terminal, options)
  const { openAuthority } = await import('./open-authority.ts')
  const opened = await openAuthority(configuration, environment)
  try {
    return await act(opened.authority.clients)
  } finally {
    await opened.close()
  }
}
