import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { formatTable, printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { systemClock } from '../state/system.ts'
import { withStores } from '../state/with-stores.ts'
import { checkClientKnown } from './people.ts'
import { SECRET_HEADINGS, secretCells, secretJson } from './secret-text.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden clients secrets list`. */
export function clientsSecretsListCommand(terminal: Terminal): Command {
  return withStore(new Command('list'))
    .description('list the secrets of an application: when made, when last used, and when they end')
    .argument('<client-id>')
    .addHelpText('after', HELP)
    .action((id: string, options: SharedOptions) => list(terminal, id, options))
}

async function list(terminal: Terminal, id: string, options: SharedOptions): Promise<void> {
  const secrets = await withStores(terminal, options, async (opened) => {
    await checkClientKnown(opened, id)
    return (await opened.stores.clients.find(opened.issuer, id))?.secrets ?? []
  })
  if (options.json === true)
    return print(terminal, JSON.stringify({ client_id: id, secrets: secrets.map(secretJson) }))
  if (secrets.length === 0) return print(terminal, `${printable(id)} is public: it has no secret`)
  const rows = secrets.map((secret) => secretCells(secret, systemClock.now()))
  print(terminal, formatTable(SECRET_HEADINGS, rows, painterFor(terminal.stdout, terminal.environment)))
}

const HELP = `
LAST USED is true to the hour. Times are in UTC; with --json they are seconds since the epoch. Nothing shows a secret again.

Examples:
  jotwarden clients secrets list orders-web
  jotwarden clients secrets list orders-web --json | jq '.secrets[] | select(.ends_at != null) | .used_at'`
