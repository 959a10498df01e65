import { Command, Option } from 'commander'
import type { PasswordOptions } from '../output/read-password.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withAccounts } from '../state/with-accounts.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface AddOptions extends SharedOptions, PasswordOptions {
  readonly name?: string
  readonly email?: string
}

/** `jotwarden users add`. */
export function usersAddCommand(terminal: Terminal): Command {
  return withStore(new Command('add'))
    .description('add an account; asks for the password')
    .argument('<username>')
    .option('--name <name>', 'full name')
    .option('--email <address>', 'e-mail address')
    .option('--password-stdin', 'read the password from standard input')
    .addOption(new Option('--password [value]').hideHelp())
    .addHelpText('after', HELP)
    .action((username: string, options: AddOptions) => add(terminal, username, options))
}

async function add(terminal: Terminal, username: string, options: AddOptions): Promise<void> {
  const { readNewPassword } = await import('../output/read-password.ts')
  const password = await readNewPassword(terminal, options)
  const account = await withAccounts(terminal, options, (accounts) =>
    accounts.add({
      username,
      password,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.email === undefined ? {} : { email: options.email }),
    }),
  )
  if (options.json === true)
    print(terminal, JSON.stringify({ subject: account.subject, username: account.username }))
  else print(terminal, `Added ${account.username} with subject ${account.subject}`)
}

const HELP = `
Examples:
  jotwarden users add ann --name "Ann Example" --email ann@example.com
  pass show ann | jotwarden users add ann --password-stdin --json`
