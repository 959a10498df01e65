import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { formatTable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withAccounts } from '../state/with-accounts.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden users list`. */
export function usersListCommand(terminal: Terminal): Command {
  return withStore(new Command('list'))
    .description('list the accounts')
    .addHelpText('after', HELP)
    .action((options: SharedOptions) => list(terminal, options))
}

async function list(terminal: Terminal, options: SharedOptions): Promise<void> {
  const accounts = (await withAccounts(terminal, options, (held) => held.list())).map(
    ({ subject, username, name, email, disabled }) => ({ subject, username, name, email, disabled }),
  )
  if (options.json === true) return print(terminal, JSON.stringify(accounts))
  if (accounts.length === 0)
    return print(terminal, 'There are no accounts. Add one with `jotwarden users add`.')
  const rows = accounts.map(({ username, name, email, disabled, subject }) => [
    username,
    name ?? '–',
    email ?? '–',
    disabled ? 'disabled' : 'enabled',
    subject,
  ])
  print(
    terminal,
    formatTable(
      ['username', 'name', 'e-mail', 'state', 'subject'],
      rows,
      painterFor(terminal.stdout, terminal.environment),
    ),
  )
}

const HELP = `
Examples:
  jotwarden users list
  jotwarden users list --json | jq -r '.[] | select(.disabled) | .username'`
