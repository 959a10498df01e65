import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withClients } from '../state/with-clients.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden clients secrets end`. */
export function clientsSecretsEndCommand(terminal: Terminal): Command {
  return withStore(new Command('end'))
    .description('refuse one of two secrets from now on, before its date')
    .argument('<client-id>')
    .argument('<secret-id>', 'as `jotwarden clients secrets list` shows it')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP)
    .action((id: string, secret: string, options: SharedOptions & { readonly yes?: boolean }) =>
      end(terminal, { id, secret }, options),
    )
}

async function end(
  terminal: Terminal,
  { id, secret }: { readonly id: string; readonly secret: string },
  options: SharedOptions & { readonly yes?: boolean },
): Promise<void> {
  await confirmed(terminal, options.yes, `Refuse the secret ${secret} of ${id} from now on?`)
  const outcome = await withClients(terminal, options, (clients) => clients.endSecret(id, secret))
  if (options.json === true)
    return print(terminal, JSON.stringify({ client_id: id, secret_id: secret, outcome }))
  const before = outcome === 'already' ? 'had ended before' : 'has ended: it is refused from now on'
  print(terminal, `The secret ${printable(secret)} of ${printable(id)} ${before}`)
}

const HELP = `
The last secret of a client is not ended: replace it with \`jotwarden clients secrets rotate --now\`, or remove the client.

Examples:
  jotwarden clients secrets end orders-web 5f0c21aa
  jotwarden clients secrets end orders-web 5f0c21aa --yes --json`
