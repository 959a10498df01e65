import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { usersAddCommand } from './users-add.ts'
import { usersDisableCommand, usersEnableCommand } from './users-disable.ts'
import { usersEraseCommand } from './users-erase.ts'
import { usersImportCommand } from './users-import.ts'
import { usersListCommand } from './users-list.ts'
import { usersPasswordCommand } from './users-password.ts'
import { usersRemoveCommand } from './users-remove.ts'

/** `jotwarden users`. */
export function usersCommand(terminal: Terminal): Command {
  return new Command('users')
    .description("the authority's own accounts")
    .addCommand(usersAddCommand(terminal))
    .addCommand(usersImportCommand(terminal))
    .addCommand(usersListCommand(terminal))
    .addCommand(usersPasswordCommand(terminal))
    .addCommand(usersDisableCommand(terminal))
    .addCommand(usersEnableCommand(terminal))
    .addCommand(usersRemoveCommand(terminal))
    .addCommand(usersEraseCommand(terminal))
}
