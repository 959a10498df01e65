import { type Authority, AuthorityError, type FeedReader } from '@jotwarden/authority'
import type { Logger } from '../logger.ts'
import { createPause, spread, steadyNow, withDeadline } from '../platform.ts'
import type { FeedLimits, FeedState } from '../server-options.ts'
import type { FeedRequest } from './feed-request.ts'
import { FeedStream } from './feed-stream.ts'
import { Outage } from './outage.ts'
import { Places } from './places.ts'
import { type Beginning, readBeginning, readStretch } from './reading.ts'

export interface FeedHubOptions {
  readonly authority: Authority
  readonly logger: Logger
  readonly changes: (() => number) | undefined
  readonly limits: FeedLimits
}

/** A request to the feed that is allowed. */
export interface FeedOpening extends FeedRequest {
  readonly reader: FeedReader
  /** When it came in, in seconds on the steady clock of this process. */
  readonly openedAt: number
}

/**
 * All open answers of the feed. While there are any, one loop reads the log for all of them, one reading at a time, each
 * for every stream that has come just as far. Nothing is sent but what was just read, so that a log that cannot be read
 * makes the feed silent.
 */
export class FeedHub {
  readonly #options: FeedHubOptions
  readonly #heartbeat: number
  readonly #places: Places
  readonly #outage: Outage
  readonly #pause = createPause()
  readonly #streams = new Set<FeedStream>()
  /** Those that wait for a reading, in the order in which they get one. */
  readonly #waiting = new Set<FeedStream>()
  #version: number | undefined
  #nextLook = 0
  #nextHeartbeat = 0
  #head = 0
  #isRunning = false
  #isClosed = false

  constructor(options: FeedHubOptions) {
    this.#options = options
    this.#heartbeat = options.limits.heartbeat ?? 1
    this.#places = new Places(options.limits.streams ?? 1000)
    this.#outage = new Outage(options.logger)
  }

  /** Opens an answer. Throws `oauth/temporarily_unavailable` when there are too many, or the log cannot be read. */
  async open(opening: FeedOpening): Promise<ReadableStream<Uint8Array>> {
    const leave = this.#places.take(opening.reader.client)
    try {
      const beginning = await withDeadline(FIRST_READING, () => readBeginning(this.#log, opening.after))
      if (this.#isClosed) throw new Error('Cannot open the feed: the server stops')
      return this.#join(opening, beginning, leave)
    } catch (cause) {
      leave()
      throw new AuthorityError(
        'oauth/temporarily_unavailable',
        'Cannot open the feed: the log could not be read',
        { cause },
      )
    }
  }

  state(): FeedState {
    return { readers: this.#streams.size, head: this.#head }
  }

  /** Ends every answer and opens no more. */
  close(): void {
    this.#isClosed = true
    for (const stream of this.#streams) stream.end()
  }

  get #log(): Authority['revocation'] {
    return this.#options.authority.revocation
  }

  #join(opening: FeedOpening, beginning: Beginning, leave: () => void): ReadableStream<Uint8Array> {
    const stream = new FeedStream(
      {
        ...opening,
        issuer: this.#options.authority.settings.issuer,
        heartbeat: this.#heartbeat,
        endsAt: opening.openedAt + LIFETIME + SPREAD * spread(),
        onReady: (ready) => {
          this.#waiting.add(ready)
          this.#pause.end()
        },
        onOver: (over) => {
          this.#streams.delete(over)
          this.#waiting.delete(over)
          leave()
          if (this.#streams.size === 0) this.#pause.end()
        },
      },
      beginning,
    )
    this.#streams.add(stream)
    stream.take(beginning.first)
    this.#head = Math.max(this.#head, beginning.first.number)
    // The log may have moved since it was read, and the loop may have seen that already
    this.#ask(stream)
    if (!this.#isRunning) void this.#run()
    return stream.body
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#isRunning = true
    this.#nextHeartbeat = steadyNow() + this.#heartbeat
    while (this.#streams.size > 0) {
      const rest = await this.#turn().catch((error: unknown) => {
        this.#outage.begin(error)
        return RETRY
      })
      if (this.#streams.size > 0) await this.#pause.wait(rest)
    }
    this.#isRunning = false
  }

  /** Serves whoever is next; answers for how many seconds there is nothing to do. */
  async #turn(): Promise<number> {
    if (steadyNow() >= this.#nextLook) await this.#look()
    const [next] = this.#waiting
    if (next !== undefined) await this.#serve(next.cursor)
    return this.#waiting.size > 0 ? 0 : Math.max(0, this.#nextLook - steadyNow())
  }

  /** Finds out who is to get a reading: everybody, when something changed or a head is due. */
  async #look(): Promise<void> {
    const now = steadyNow()
    this.#nextLook = now + TICK
    const hasChanged = this.#hasChanged()
    const isHeadDue = now >= this.#nextHeartbeat
    if (isHeadDue) {
      await this.#dismiss(now)
      for (const stream of this.#streams) stream.oweHead()
      this.#nextHeartbeat = now + this.#heartbeat
    }
    if (!hasChanged && !isHeadDue) return
    for (const stream of this.#streams) this.#ask(stream)
  }

  /** Asked before the log is read, so that what happens meanwhile is seen the next time. */
  #hasChanged(): boolean {
    const version = this.#options.changes?.()
    const hasChanged = version === undefined || version !== this.#version
    this.#version = version
    return hasChanged
  }

  /** Ends the streams whose time is over, and those of clients that may not read any more, or whose secret has ended. */
  async #dismiss(now: number): Promise<void> {
    for (const streams of Map.groupBy(this.#streams, ({ reader }) => nameOf(reader)).values()) {
      const [{ reader } = {}] = streams
      if (reader === undefined || (await this.#outage.watch(() => this.#log.mayRead(reader)))) continue
      for (const stream of streams) stream.end()
    }
    for (const stream of this.#streams) if (now >= stream.endsAt) stream.end()
  }

  /** One reading for all that have come just as far. */
  async #serve(cursor: number): Promise<void> {
    const group = [...this.#waiting].filter((stream) => stream.cursor === cursor)
    const reading = await this.#outage.watch(() => readStretch(this.#log, cursor))
    this.#outage.end()
    this.#head = Math.max(this.#head, reading.number)
    for (const stream of group) {
      this.#waiting.delete(stream)
      if (stream.take(reading)) this.#ask(stream)
    }
  }

  #ask(stream: FeedStream): void {
    if (stream.wantsReading()) this.#waiting.add(stream)
  }
}

function nameOf({ client, secret }: FeedReader): string {
  return `${client}\n${secret}`
}

/** Seconds between two looks at whether anything changed. */
const TICK = 0.02
/** Seconds until a log that could not be read is read again. */
const RETRY = 0.2
/** Seconds for the first reading, after which the asker is told to come again. */
const FIRST_READING = 5
/** Seconds for which an answer stays open, and for how many it may be longer, so that not all ask again at once. */
const LIFETIME = 600
const SPREAD = 30
