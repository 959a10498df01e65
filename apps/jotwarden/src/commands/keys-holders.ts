import type { HeldSecret, Holding } from '@jotwarden/authority'
import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { confirmed } from '../output/confirmed.ts'
import { formatMoment } from '../output/moment.ts'
import { formatTable, printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withRoster } from '../state/with-roster.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface HolderOptions extends SharedOptions {
  readonly holds: string
}

/** `jotwarden keys holders`. */
export function keysHoldersCommand(terminal: Terminal): Command {
  return new Command('holders')
    .description('who knows or can read which secret; the secrets themselves are not here')
    .addCommand(listCommand(terminal))
    .addCommand(addCommand(terminal))
    .addCommand(removeCommand(terminal))
}

function listCommand(terminal: Terminal): Command {
  return withStore(new Command('list'))
    .description('list the holders, those who left as well')
    .addHelpText('after', LIST_HELP)
    .action(async (options: SharedOptions) => {
      const holdings = await withRoster(terminal, options, (roster) => roster.list())
      if (options.json === true) return print(terminal, JSON.stringify(holdings.map(holdingJson)))
      if (holdings.length === 0) return print(terminal, NOBODY)
      const headings = ['holder', 'kind', 'holds', 'since', 'left', 'settled', 'because']
      const paint = painterFor(terminal.stdout, terminal.environment)
      print(terminal, formatTable(headings, holdings.map(asRow), paint))
    })
}

function addCommand(terminal: Terminal): Command {
  return withHolds(withStore(new Command('add')))
    .description('put on record that a person or a system knows a secret or can read it')
    .argument('<name>', 'who, by the name that people use')
    .option('--system', 'it is a system, not a person')
    .option('--because <reason>', 'why the secret has more than two holders')
    .addHelpText('after', ADD_HELP)
    .action(
      async (
        name: string,
        options: HolderOptions & { readonly system?: boolean; readonly because?: string },
      ) => {
        const kind = options.system === true ? 'system' : 'person'
        // The roster checks what it is given
        const secret = options.holds as HeldSecret
        const holding = { holder: name, kind, secret, because: options.because ?? null } as const
        await withRoster(terminal, options, (roster) => roster.add(holding))
        if (options.json === true)
          print(terminal, JSON.stringify({ holder: name, holds: secret, added: true }))
        else print(terminal, `${printable(name)} is on record for ${printable(secret)}`)
      },
    )
}

function removeCommand(terminal: Terminal): Command {
  return withHolds(withStore(new Command('remove')))
    .description('take out an entry that was a mistake, or a system that has the secret no more')
    .argument('<name>')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', REMOVE_HELP)
    .action(async (name: string, options: HolderOptions & { readonly yes?: boolean }) => {
      await confirmed(
        terminal,
        options.yes,
        `Take ${name} off the record for ${options.holds}, as if they never knew it?`,
      )
      await withRoster(terminal, options, (roster) => roster.remove(name, options.holds))
      if (options.json === true)
        print(terminal, JSON.stringify({ holder: name, holds: options.holds, removed: true }))
      else print(terminal, `${printable(name)} is no longer on record for ${printable(options.holds)}`)
    })
}

function withHolds(command: Command): Command {
  return command.requiredOption('--holds <what>', 'kek, kek-backup, client:CLIENT-ID or shared:AUDIENCE')
}

/** One holding for programs. */
export function holdingJson(held: Holding): Record<string, unknown> {
  return {
    holder: held.holder,
    kind: held.kind,
    holds: held.secret,
    since: held.since,
    because: held.because,
    offboarded_at: held.offboardedAt,
    settled_at: held.settledAt,
  }
}

function asRow({
  holder,
  kind,
  secret,
  since,
  offboardedAt,
  settledAt,
  because,
}: Holding): readonly string[] {
  const settled = settledAt === null ? (offboardedAt === null ? '–' : 'not yet') : formatMoment(settledAt)
  const left = offboardedAt === null ? '–' : formatMoment(offboardedAt)
  return [holder, kind, secret, formatMoment(since), left, settled, because ?? '–']
}

const NOBODY = `Nobody is on record. Whoever can read the key-encryption key belongs here:
  jotwarden keys holders add ann --holds kek`
const LIST_HELP = `
LEFT is when somebody was offboarded, SETTLED when the last thing they knew had stopped to work. Times are in UTC; with
--json they are seconds since the epoch.

Examples:
  jotwarden keys holders list
  jotwarden keys holders list --json | jq -r '.[] | select(.offboarded_at == null) | .holder'`
const ADD_HELP = `
What somebody can hold:
  kek                 the key-encryption key: with a copy of the store it opens every private key
  kek-backup          a copy of it that is kept elsewhere
  client:CLIENT-ID    the secret of an application
  shared:AUDIENCE     a symmetric key that was given to this audience, and to no other

Whoever knows a secret can do what all its holders can. It has two at most; a third needs --because. Those who left count
until the secret was replaced.

Examples:
  jotwarden keys holders add ann --holds kek
  jotwarden keys holders add "bank safe" --system --holds kek-backup
  jotwarden keys holders add eve --holds client:orders-web --because "two teams run it until June"`
const REMOVE_HELP = `
Nobody unlearns a secret: for a person who leaves there is \`jotwarden keys offboard\`.

Examples:
  jotwarden keys holders remove anm --holds kek
  jotwarden keys holders remove "bank safe" --holds kek-backup --yes`
