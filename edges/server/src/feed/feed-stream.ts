import type { FeedReader } from '@jotwarden/authority'
import { createOutlet, type Outlet } from './outlet.ts'
import { type Beginning, encodeLine, isSameLog, type Reading } from './reading.ts'

/** What one answer of the feed is. */
export interface FeedStreamOptions {
  readonly issuer: string
  /** Seconds between two heads. */
  readonly heartbeat: number
  readonly reader: FeedReader
  readonly mode: 'stream' | 'poll'
  /** When the request came in and when the answer ends, in seconds on the steady clock of this process. */
  readonly openedAt: number
  readonly endsAt: number
  /** Its reader has taken everything, and it missed a reading meanwhile. */
  readonly onReady: (stream: FeedStream) => void
  /** It is over, whoever ended it. Called once. */
  readonly onOver: (stream: FeedStream) => void
}

/**
 * One answer of the feed. It writes only when its reader has taken all that was written, so that a slow reader finds one
 * reading at most waiting, and gets what is new by then next.
 */
export class FeedStream {
  readonly reader: FeedReader
  readonly endsAt: number
  readonly #options: FeedStreamOptions
  readonly #outlet: Outlet
  #cursor: number
  #lastHead: number
  #isSnapshot: boolean
  #owesHead = true
  #hasMissed = false
  #isOver = false

  constructor(options: FeedStreamOptions, { mode, first }: Beginning) {
    this.reader = options.reader
    this.endsAt = options.endsAt
    this.#options = options
    this.#cursor = first.after
    this.#lastHead = first.head.number
    this.#isSnapshot = mode === 'snapshot'
    this.#outlet = createOutlet({ emptied: () => this.#emptied(), gone: () => this.#finish() })
    const { issuer, heartbeat } = options
    this.#outlet.write(encodeLine({ type: 'hello', v: 1, issuer, mode, after: first.after, heartbeat }))
  }

  get body(): ReadableStream<Uint8Array> {
    return this.#outlet.body
  }

  /** The number up to which everything was written. */
  get cursor(): number {
    return this.#cursor
  }

  /** Makes the next reading end in a head, also when there is nothing else to tell. */
  oweHead(): void {
    this.#owesHead = true
  }

  /** Whether it can take a reading now; else `onReady` follows. */
  wantsReading(): boolean {
    if (this.#isOver) return false
    this.#hasMissed = !this.#outlet.isEmpty
    return !this.#hasMissed
  }

  /** Writes a reading that begins where this stream has come to; answers whether there is more to read. */
  take(reading: Reading): boolean {
    if (this.#isOver) return false
    if (!this.#goesOnWith(reading)) {
      this.end()
      return false
    }
    if (reading.marks !== undefined) this.#outlet.write(reading.marks)
    this.#cursor = reading.number
    this.#lastHead = reading.head.number
    if (!reading.reachesHead) return true
    this.#isSnapshot = false
    if (this.#owesHead || reading.marks !== undefined) this.#writeHead(reading)
    return false
  }

  /** Ends it on purpose: the reader asks again, and is told then what it may have. */
  end(): void {
    if (this.#isOver) return
    this.#outlet.write(encodeLine({ type: 'end' }))
    this.#outlet.close()
    this.#finish()
  }

  /** Not when the log was set back, nor when marks that were still to be read may have been forgotten. */
  #goesOnWith({ after, head }: Reading): boolean {
    return (
      after === this.#cursor && isSameLog(this.#lastHead, head) && (this.#isSnapshot || after >= head.floor)
    )
  }

  #writeHead({ number, began }: Reading): void {
    this.#owesHead = false
    // Rounded down: it may say to be older than it is, never newer
    const asOf = Math.floor((began - this.#options.openedAt) * 1000) / 1000
    this.#outlet.write(encodeLine({ type: 'head', number, asOf }))
    if (this.#options.mode === 'stream') return
    this.#outlet.close()
    this.#finish()
  }

  #emptied(): void {
    if (!this.#hasMissed) return
    this.#hasMissed = false
    this.#options.onReady(this)
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.onOver(this)
  }
}
