import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { formatTable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { systemClock } from '../state/system.ts'
import { withClients } from '../state/with-clients.ts'
import { clientJson } from './client-json.ts'
import { secretsSummary } from './secret-text.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden clients list`. */
export function clientsListCommand(terminal: Terminal): Command {
  return withStore(new Command('list'))
    .description('list the applications')
    .addHelpText('after', '\nExamples:\n  jotwarden clients list\n  jotwarden clients list --json')
    .action((options: SharedOptions) => list(terminal, options))
}

const none = 'There are no clients. Add one with `jotwarden clients add`.'

async function list(terminal: Terminal, options: SharedOptions): Promise<void> {
  const clients = await withClients(terminal, options, (held) => held.list())
  if (options.json === true) return print(terminal, JSON.stringify(clients.map(clientJson)))
  if (clients.length === 0)
    return print(
      terminal,
      options.dev === true ? none : `${none} Those of \`serve --dev\` are shown with --dev.`,
    )
  const rows = clients.map((client) => [
    client.id,
    client.name,
    client.type,
    client.grantTypes.join(' ') || '–',
    client.scopes.join(' ') || '–',
    secretsSummary(client.secrets, systemClock.now()),
    client.resource ?? '–',
  ])
  print(
    terminal,
    formatTable(
      ['client_id', 'name', 'type', 'grants', 'scopes', 'secrets', 'resource'],
      rows,
      painterFor(terminal.stdout, terminal.environment),
    ),
  )
}
