import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { clientsAddCommand } from './clients-add.ts'
import { clientsImportCommand } from './clients-import.ts'
import { clientsListCommand } from './clients-list.ts'
import { clientsRemoveCommand } from './clients-remove.ts'
import { clientsSecretsCommand } from './clients-secrets.ts'

/** `jotwarden clients`. */
export function clientsCommand(terminal: Terminal): Command {
  return new Command('clients')
    .description('the applications that may ask for tokens')
    .addCommand(clientsAddCommand(terminal))
    .addCommand(clientsImportCommand(terminal))
    .addCommand(clientsListCommand(terminal))
    .addCommand(clientsRemoveCommand(terminal))
    .addCommand(clientsSecretsCommand(terminal))
}
