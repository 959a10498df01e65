import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withClients } from '../state/with-clients.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden clients remove`. */
export function clientsRemoveCommand(terminal: Terminal): Command {
  return withStore(new Command('remove'))
    .description('remove an application; ends its sessions and voids its codes and consents')
    .argument('<client-id>')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  jotwarden clients remove orders-web\n  jotwarden clients remove orders-web --yes --json',
    )
    .action(async (id: string, options: SharedOptions & { readonly yes?: boolean }) => {
      await confirmed(terminal, options.yes, `Remove the client ${id} and end its sessions?`)
      await withClients(terminal, options, (clients) => clients.remove(id))
      if (options.json === true) print(terminal, JSON.stringify({ client_id: id, removed: true }))
      else print(terminal, `Removed ${printable(id)}`)
    })
}
