import { Command } from 'commander'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withAccounts } from '../state/with-accounts.ts'
import { type SharedOptions, withStore } from './shared-options.ts'
import { tokensLeft } from './tokens-left.ts'

/** `jotwarden users disable`. */
export function usersDisableCommand(terminal: Terminal): Command {
  return withStore(new Command('disable'))
    .description('keep an account from signing in; ends every login and session of it')
    .argument('<username>')
    .addHelpText('after', '\nExamples:\n  jotwarden users disable ann')
    .action(async (username: string, options: SharedOptions) => {
      await withAccounts(terminal, options, (accounts) => accounts.disable(username))
      if (options.json === true) print(terminal, JSON.stringify({ username, disabled: true }))
      else print(terminal, `Disabled ${printable(username)}; ${tokensLeft(terminal, options)}`)
    })
}

/** `jotwarden users enable`. */
export function usersEnableCommand(terminal: Terminal): Command {
  return withStore(new Command('enable'))
    .description('let a disabled account sign in again')
    .argument('<username>')
    .addHelpText('after', '\nExamples:\n  jotwarden users enable ann')
    .action(async (username: string, options: SharedOptions) => {
      await withAccounts(terminal, options, (accounts) => accounts.enable(username))
      if (options.json === true) print(terminal, JSON.stringify({ username, disabled: false }))
      else print(terminal, `Enabled ${printable(username)}`)
    })
}
