import type { ClientAdministration } from '@jotwarden/authority'
import type { SharedOptions } from '../commands/shared-options.ts'
import type { Terminal } from '../output/terminal.ts'
import { withAuthority } from './with-authority.ts'

/** Opens the clients of the configured store for one act, and closes them after it. */
export async function withClients<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (clients: ClientAdministration) => Promise<T>,
): Promise<T> {
  return withAuthority(terminal, options, ({ authority }) => act(authority.clients))
}
