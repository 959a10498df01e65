import type { SharedOptions } from '../commands/shared-options.ts'
import type { Terminal } from '../output/terminal.ts'
import { configurationOf } from './configuration-of.ts'
import type { OpenedAuthority } from './open-authority.ts'
import { SET_BACK } from './set-back.ts'

/** Opens the authority of the configuration for one act, and closes it after it. */
export async function withAuthority<T>(
  terminal: Terminal,
  options: SharedOptions,
  act: (opened: OpenedAuthority) => Promise<T>,
): Promise<T> {
  const { configuration, environment } = configurationOf(terminal, options)
  const { openAuthority } = await import('./open-authority.ts')
  const opened = await openAuthority(configuration, environment)
  if (opened.wasSetBack) terminal.stderr.write(`warning: ${SET_BACK}\n`)
  try {
    return await act(opened)
  } finally {
    await opened.close()
  }
}
