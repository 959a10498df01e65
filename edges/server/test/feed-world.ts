import type { Authority } from '@jotwarden/authority'
import { FeedReader } from './feed-reader.ts'
import { type World, type WorldOptions, world } from './world.ts'

/** What is put between the feed and its log. */
export interface Tap {
  /** Runs before each reading, and may hold it up or refuse it. */
  beforeRead: () => Promise<void>
  beforeMayRead: () => Promise<void>
  /** Runs before what was read is handed on. */
  afterRead: () => Promise<void>
  /** From which number on each reading was asked. */
  readonly readings: number[]
}

export interface FeedWorld extends World {
  readonly tap: Tap
  /** What the log was told, level and message. */
  readonly log: string[]
  feed(query?: string, client?: 'shop' | 'api' | 'mail'): Promise<Response>
  /** Opens the feed and reads it to its end in the background. */
  follow(query?: string, client?: 'api' | 'mail'): Promise<FeedReader>
  /** Appends so many marks, each on a token of its own. */
  mark(count: number, options?: { readonly expiresAt?: number }): Promise<void>
}

export async function feedWorld(options: WorldOptions = {}): Promise<FeedWorld> {
  const nothing = async (): Promise<void> => {}
  const tap: Tap = { beforeRead: nothing, beforeMayRead: nothing, afterRead: nothing, readings: [] }
  const log: string[] = []
  const at =
    (level: string) =>
    (_event: object, message: string): void => {
      log.push(`${level}: ${message}`)
    }
  const made = await world('https://auth.example.com', {
    logger: { info: at('info'), warn: at('warn'), error: at('error') },
    between: (authority) => tapped(authority, tap),
    ...options,
  })
  const feed: FeedWorld['feed'] = (query = '', client = 'api') =>
    made.ask(`/revocations${query}`, { headers: made.basic(client) })
  let marked = 0
  return {
    ...made,
    tap,
    log,
    feed,
    follow: async (query, client) => new FeedReader(await feed(query, client)).follow(),
    async mark(count, { expiresAt = made.time.now + 600 } = {}) {
      const marks = Array.from({ length: count }, () => {
        marked += 1
        return {
          kind: 'token',
          id: `t${marked}`,
          cause: 'test',
          at: made.time.now,
          expiresAt,
          owner: null,
        } as const
      })
      await made.stores.revocation.append(made.issuer, { events: [], marks })
    },
  }
}

function tapped(authority: Authority, tap: Tap): Authority {
  const { revocation } = authority
  return {
    ...authority,
    revocation: {
      ...revocation,
      async read(page) {
        tap.readings.push(page.after)
        await tap.beforeRead()
        const read = await revocation.read(page)
        await tap.afterRead()
        return read
      },
      async mayRead(reader) {
        await tap.beforeMayRead()
        return revocation.mayRead(reader)
      },
    },
  }
}
