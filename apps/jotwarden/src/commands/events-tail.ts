import { setTimeout as pause } from 'node:timers/promises'
import type { StoredSecurityEvent } from '@jotwarden/authority'
import { Command } from 'commander'
import { print, type Terminal } from '../output/terminal.ts'
import { shutdownSignal } from '../serve/shutdown.ts'
import { type OpenedStores, withStores } from '../state/with-stores.ts'
import { type EventOptions, eventFilter, rangeOf, withEventFilter } from './event-filter.ts'
import { eventLine } from './event-text.ts'
import { newestEvents } from './newest-events.ts'
import { nameLookup } from './people.ts'
import { withStore } from './shared-options.ts'

/** `jotwarden events tail`. */
export function eventsTailCommand(terminal: Terminal): Command {
  return withEventFilter(withStore(new Command('tail')))
    .description('print the last security events, then each new one, until it is told to stop')
    .option('--limit <n>', 'begin with this many at most (default: 10; with --after all)')
    .addHelpText('after', HELP)
    .action((options: EventOptions) => tail(terminal, options))
}

async function tail(terminal: Terminal, options: EventOptions): Promise<void> {
  const range = rangeOf(options)
  const stop = new AbortController()
  shutdownSignal().then(
    () => stop.abort(),
    () => stop.abort(),
  )
  await withStores(terminal, options, async (opened) => {
    const { stores, issuer } = opened
    const filter = await eventFilter(opened, options)
    const upTo = await stores.events.last(issuer)
    const { after = 0, limit = range.after === undefined ? LAST : upTo } = range
    await show(terminal, options, opened, await newestEvents(opened, { after, upTo, limit }, filter))
    for await (const events of newEvents(opened, Math.max(after, upTo), stop.signal))
      await show(terminal, options, opened, events.filter(filter))
  })
}

/** What is recorded from now on, batch by batch. An event whose count grows is not told again. */
async function* newEvents(
  { stores, issuer }: OpenedStores,
  from: number,
  stop: AbortSignal,
): AsyncGenerator<readonly StoredSecurityEvent[], void, void> {
  let seen = from
  while (!stop.aborted) {
    if ((await stores.events.last(issuer)) > seen) {
      const events = await stores.events.list(issuer, { after: seen, limit: BATCH })
      seen = events.at(-1)?.number ?? seen
      yield events
      if (events.length === BATCH) continue
    }
    await pause(INTERVAL, undefined, { signal: stop }).catch(() => undefined)
  }
}

/** Names are looked up anew for each batch: accounts come and go while this runs. */
async function show(
  terminal: Terminal,
  options: EventOptions,
  opened: OpenedStores,
  events: readonly StoredSecurityEvent[],
): Promise<void> {
  const nameOf = nameLookup(opened)
  for (const event of events)
    print(terminal, options.json === true ? JSON.stringify(event) : await eventLine(event, nameOf))
}

const LAST = 10
const BATCH = 500
/** Milliseconds. */
const INTERVAL = 500
const HELP = `
With --json each event is a line of JSON. SIGINT (Ctrl-C) and SIGTERM stop it with 0.

Examples:
  jotwarden events tail
  jotwarden events tail --type login-refused refresh-reused
  jotwarden events tail --after 1200 --json | logger -t jotwarden`
