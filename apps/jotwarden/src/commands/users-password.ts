import { Command, Option } from 'commander'
import type { PasswordOptions } from '../output/read-password.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withAccounts } from '../state/with-accounts.ts'
import { type SharedOptions, withStore } from './shared-options.ts'
import { tokensLeft } from './tokens-left.ts'

/** `jotwarden users password`. */
export function usersPasswordCommand(terminal: Terminal): Command {
  return withStore(new Command('password'))
    .description('set a new password; ends every login and session of the account')
    .argument('<username>')
    .option('--password-stdin', 'read the password from standard input')
    .addOption(new Option('--password [value]').hideHelp())
    .addHelpText('after', HELP)
    .action((username: string, options: SharedOptions & PasswordOptions) =>
      change(terminal, username, options),
    )
}

async function change(
  terminal: Terminal,
  username: string,
  options: SharedOptions & PasswordOptions,
): Promise<void> {
  const { readNewPassword } = await import('../output/read-password.ts')
  const password = await readNewPassword(terminal, options)
  await withAccounts(terminal, options, (accounts) => accounts.changePassword(username, password))
  if (options.json === true) print(terminal, JSON.stringify({ username, password: 'changed' }))
  else print(terminal, `Changed the password of ${printable(username)}; ${tokensLeft(terminal, options)}`)
}

const HELP = `
Examples:
  jotwarden users password ann
  pass show ann | jotwarden users password ann --password-stdin`
