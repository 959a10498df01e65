import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { clientsSecretsEndCommand } from './clients-secrets-end.ts'
import { clientsSecretsListCommand } from './clients-secrets-list.ts'
import { clientsSecretsRotateCommand } from './clients-secrets-rotate.ts'

/** `jotwarden clients secrets`. */
export function clientsSecretsCommand(terminal: Terminal): Command {
  return new Command('secrets')
    .description('the secrets that an application may show, two at most')
    .addCommand(clientsSecretsListCommand(terminal))
    .addCommand(clientsSecretsRotateCommand(terminal))
    .addCommand(clientsSecretsEndCommand(terminal))
}
