import { type Fetch, startTimer } from '../platform.ts'
import { abortable } from './abortable.ts'
import { AnswerReader } from './answer-reader.ts'
import { askFeed } from './ask-feed.ts'
import { FeedFailure } from './feed-failure.ts'
import type { Freshness, Instant } from './freshness.ts'
import type { HeldLog } from './held-log.ts'
import type { DisconnectReason, Emit, FeedMode } from './revocation-event.ts'

/** What all attempts of one verifier have in common. */
export interface FeedContext {
  readonly issuer: string
  readonly fetch: Fetch
  readonly authorization: () => string
  readonly log: HeldLog
  readonly freshness: Freshness
  readonly emit: Emit
  readonly maxStaleness: number
}

/** One attempt: where, how, and for how long. */
export interface AttemptOptions {
  readonly url: string
  readonly mode: FeedMode
  /** Seconds until the first line of a stream, and until the end of a poll. */
  readonly deadline: number
  readonly onHello: () => void
}

/** How an attempt came out. */
export interface AttemptOutcome {
  /** Whether there was a moment at which everything was known. */
  readonly isCertified: boolean
  /** Why it is over. */
  readonly failure: FeedFailure
  /** Seconds. */
  readonly lasted: number
}

/** One request to the feed and its answer. */
export class FeedAttempt {
  readonly #context: FeedContext
  readonly #options: AttemptOptions
  readonly #controller = new AbortController()
  readonly #sent: Instant
  readonly #reader: AnswerReader
  #heard: Instant

  constructor(context: FeedContext, options: AttemptOptions) {
    this.#context = context
    this.#options = options
    this.#sent = context.freshness.now()
    this.#heard = this.#sent
    this.#reader = new AnswerReader({ ...context, sent: this.#sent, after: context.log.cursor })
  }

  /** Runs to the end; never rejects. */
  async run(): Promise<AttemptOutcome> {
    const { mode, deadline } = this.#options
    const stop = startTimer(deadline, () => {
      if (mode === 'poll' || this.#reader.hello === undefined) this.abort('timeout')
    })
    const failure = await abortable(this.#controller.signal, this.#exchange()).catch(failureOf)
    stop()
    // Nothing of an answer that was given up may still be taken
    this.#controller.abort(failure)
    return {
      isCertified: this.#reader.isCertified,
      failure,
      lasted: this.#context.freshness.since(this.#sent),
    }
  }

  abort(reason: DisconnectReason): void {
    this.#controller.abort(new FeedFailure(reason))
  }

  /** Gives up a connection that has fallen silent, and a stream that brings only what is old. */
  watch(): void {
    const { freshness, maxStaleness } = this.#context
    const { hello, isCertified } = this.#reader
    if (hello === undefined) return
    if (freshness.since(this.#heard) > Math.max(shortestSilence, 3 * hello.heartbeat)) this.abort('silent')
    // Before its first head a stream may still have much to tell, and is good while it tells
    const begun = isCertified ? this.#sent : this.#heard
    const tooOld = maxStaleness / 2
    if (this.#options.mode === 'stream' && freshness.staleness() > tooOld && freshness.since(begun) > tooOld)
      this.abort('slowed')
  }

  async #exchange(): Promise<FeedFailure> {
    const { fetch, authorization, log, freshness } = this.#context
    const { url, mode, onHello } = this.#options
    const { signal } = this.#controller
    const onBytes = (): void => {
      this.#heard = freshness.now()
    }
    const request = { url, mode, after: log.cursor, authorization: authorization(), fetch, signal, onBytes }
    for await (const message of askFeed(request)) {
      if (signal.aborted) break
      if (message.type === 'end') return new FeedFailure('ended')
      this.#reader.take(message)
      if (message.type === 'hello') onHello()
    }
    return new FeedFailure('cut-off')
  }
}

function failureOf(cause: unknown): FeedFailure {
  return cause instanceof FeedFailure ? cause : new FeedFailure('network')
}

const shortestSilence = 3
