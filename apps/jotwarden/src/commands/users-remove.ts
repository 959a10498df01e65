import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withAccounts } from '../state/with-accounts.ts'
import { type SharedOptions, withStore } from './shared-options.ts'
import { tokensLeft } from './tokens-left.ts'

/** `jotwarden users remove`. */
export function usersRemoveCommand(terminal: Terminal): Command {
  return withStore(new Command('remove'))
    .description('remove an account with its consents; ends every login and session of it')
    .argument('<username>')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  jotwarden users remove ann\n  jotwarden users remove ann --yes --json',
    )
    .action(async (username: string, options: SharedOptions & { readonly yes?: boolean }) => {
      await confirmed(terminal, options.yes, `Remove the account ${username} for good?`)
      await withAccounts(terminal, options, (accounts) => accounts.remove(username))
      if (options.json === true) print(terminal, JSON.stringify({ username, removed: true }))
      else print(terminal, `Removed ${printable(username)}; ${tokensLeft(terminal, options)}`)
    })
}
