import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { formatTable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { type OpenedStores, withStores } from '../state/with-stores.ts'
import { type EventOptions, eventFilter, rangeOf, withEventFilter } from './event-filter.ts'
import { EVENT_HEADINGS, eventCells } from './event-text.ts'
import { newestEvents } from './newest-events.ts'
import { nameLookup } from './people.ts'
import { withStore } from './shared-options.ts'

/** `jotwarden events list`. */
export function eventsListCommand(terminal: Terminal): Command {
  return withEventFilter(withStore(new Command('list')))
    .description('list the newest security events, oldest first')
    .option('--limit <n>', 'this many at most (default: 50)')
    .addHelpText('after', HELP)
    .action((options: EventOptions) => list(terminal, options))
}

async function list(terminal: Terminal, options: EventOptions): Promise<void> {
  const range = rangeOf(options)
  const text = await withStores(terminal, options, async (opened) => {
    const { stores, issuer } = opened
    const filter = await eventFilter(opened, options)
    const upTo = await stores.events.last(issuer)
    const { after = 0, limit = NEWEST } = range
    const events = await newestEvents(opened, { after, upTo, limit }, filter)
    return options.json === true ? JSON.stringify(events) : asTable(terminal, opened, events)
  })
  print(terminal, text)
}

async function asTable(
  terminal: Terminal,
  opened: OpenedStores,
  events: Awaited<ReturnType<typeof newestEvents>>,
): Promise<string> {
  if (events.length === 0) return 'There are no such events.'
  const nameOf = nameLookup(opened)
  const rows = await Promise.all(events.map((event) => eventCells(event, nameOf)))
  return formatTable(EVENT_HEADINGS, rows, painterFor(terminal.stdout, terminal.environment))
}

const NEWEST = 50
const HELP = `
Times are in UTC; with --json they are seconds since the epoch. Repeated failures of one minute are one event with a count.

Examples:
  jotwarden events list
  jotwarden events list --type session-ended refresh-reused --user ann
  jotwarden events list --after 1200 --limit 1000 --json`
