import { backoffDelay } from '../backoff.ts'
import { startTimer } from '../platform.ts'
import { abortable } from './abortable.ts'
import { type AttemptOutcome, FeedAttempt, type FeedContext } from './feed-attempt.ts'
import { FeedFailure } from './feed-failure.ts'
import type { DisconnectReason, FeedMode } from './revocation-event.ts'

/** What the loop is doing. */
export type FeedState = 'idle' | 'connecting' | 'streaming' | 'polling' | 'waiting'

/** What a {@link FeedLoop} is told beside what its attempts need. */
export interface FeedLoopOptions extends FeedContext {
  /** Finds the feed's address. */
  readonly endpoint: () => Promise<string>
  /** Called when the address has not served. */
  readonly forgetEndpoint: () => void
  readonly timeout: number
  /** A number from 0 up to 1, each time another. */
  readonly chance: () => number
  readonly closing: AbortSignal
}

/** Keeps a connection to the feed: a stream, or polls where streams do not come through. */
export class FeedLoop {
  readonly #options: FeedLoopOptions
  #state: FeedState = 'idle'
  #connected: FeedMode | undefined
  #attempt: FeedAttempt | undefined
  #wake: () => void = () => undefined
  #failures = 0
  #refusedWith: number | undefined
  /** On the steady clock: when a stream may be tried. */
  #streamAt = Number.NEGATIVE_INFINITY

  constructor(options: FeedLoopOptions) {
    this.#options = options
  }

  get state(): FeedState {
    return this.#state
  }

  /** The status with which the issuer refused our credential, until it takes it. */
  get refusedWith(): number | undefined {
    return this.#refusedWith
  }

  /** Runs until the verifier is closed; never rejects. */
  async run(): Promise<void> {
    const { closing } = this.#options
    closing.addEventListener('abort', () => this.restart('closed'), { once: true })
    while (!closing.aborted) await this.#pause(await this.#cycle())
    this.#state = 'idle'
  }

  /** Looks after the connection that stands; to be called several times a second. */
  watch(): void {
    this.#attempt?.watch()
  }

  /** Gives up what is under way and begins anew. */
  restart(reason: DisconnectReason): void {
    this.#attempt?.abort(reason)
    this.#wake()
  }

  /** One round; answers the seconds until the next. */
  async #cycle(): Promise<number> {
    const { closing, freshness } = this.#options
    if (this.#connected !== 'poll') this.#state = 'connecting'
    const url = await this.#endpoint()
    if (url === undefined) return this.#failed(this.#told(new FeedFailure('discovery')))
    const wantsStream = freshness.now().steady >= this.#streamAt
    if (wantsStream) {
      const streamed = await this.#try('stream', url)
      const { failure, isCertified } = streamed
      if (isCertified && failure.reason !== 'slowed') return this.#afterStream(streamed)
      if (closing.aborted || !mayPollAfter.has(failure.reason)) return this.#failed(failure)
    }
    const polled = await this.#try('poll', url)
    if (!polled.isCertified) return this.#failed(polled.failure)
    if (wantsStream) this.#streamAt = freshness.now().steady + streamRetry
    this.#failures = 0
    return Math.min(longestPollInterval, Math.max(shortestPollInterval, this.#options.maxStaleness / 6))
  }

  async #endpoint(): Promise<string | undefined> {
    const { closing, endpoint, forgetEndpoint } = this.#options
    try {
      return await abortable(closing, endpoint())
    } catch {
      forgetEndpoint()
      return undefined
    }
  }

  async #try(mode: FeedMode, url: string): Promise<AttemptOutcome> {
    const onHello = (): void => this.#hello(mode)
    const attempt = new FeedAttempt(this.#options, { url, mode, deadline: this.#deadline(mode), onHello })
    this.#attempt = attempt
    if (this.#options.closing.aborted) attempt.abort('closed')
    const outcome = await attempt.run()
    this.#attempt = undefined
    // A poll that has brought its head has ended as it should
    if (mode === 'stream' || !outcome.isCertified) this.#told(outcome.failure)
    return outcome
  }

  // While others wait for the first sync, or freshness runs out, a stream that does not come leaves time for a poll
  #deadline(mode: FeedMode): number {
    const { timeout, maxStaleness, freshness } = this.#options
    if (mode === 'poll') return timeout
    return freshness.staleness() === Number.POSITIVE_INFINITY
      ? timeout / 2
      : Math.min(timeout, maxStaleness / 2)
  }

  #hello(mode: FeedMode): void {
    this.#state = mode === 'stream' ? 'streaming' : 'polling'
    this.#refusedWith = undefined
    if (this.#connected === mode) return
    this.#connected = mode
    this.#options.emit({ type: 'connected', mode })
  }

  #told(failure: FeedFailure): FeedFailure {
    const { emit } = this.#options
    this.#connected = undefined
    emit({ type: 'disconnected', reason: failure.reason })
    if (failure.reason !== 'refused' || failure.status === undefined) return failure
    this.#refusedWith = failure.status
    emit({ type: 'refused', status: failure.status })
    return failure
  }

  #afterStream({ failure, lasted }: AttemptOutcome): number {
    const isWell = failure.reason === 'ended' || lasted >= longEnough
    if (!isWell || mistakes.has(failure.reason)) return this.#failed(failure)
    this.#failures = 0
    this.#state = 'waiting'
    return shortestPause
  }

  #failed({ reason, retryAfter }: FeedFailure): number {
    const { log, forgetEndpoint, chance } = this.#options
    this.#state = 'waiting'
    if (reason === 'clock-set-back') return shortestPause
    if (reason === 'refused') return refusedPause
    if (reason === 'gap' && log.miss() <= 2) return shortestPause
    forgetEndpoint()
    this.#failures += 1
    if (retryAfter !== undefined) return Math.min(longestPause, Math.max(shortestPause, retryAfter))
    return Math.max(shortestPause, backoffDelay(this.#failures, chance(), feedBounds))
  }

  async #pause(seconds: number): Promise<void> {
    if (this.#options.closing.aborted) return
    await new Promise<void>((resolve) => {
      const stop = startTimer(seconds, resolve)
      this.#wake = () => {
        stop()
        resolve()
      }
    })
  }
}

/** What a proxy between us may have done to a stream, and not to a poll. */
const mayPollAfter: ReadonlySet<DisconnectReason> = new Set<DisconnectReason>([
  'ended',
  'cut-off',
  'network',
  'timeout',
  'silent',
  'slowed',
  'status',
])

/** What asking again at once does not mend. */
const mistakes: ReadonlySet<DisconnectReason> = new Set<DisconnectReason>([
  'malformed',
  'wrong-issuer',
  'gap',
])

const shortestPause = 0.1
const longestPause = 5
const refusedPause = 5
const feedBounds = { first: shortestPause, longest: longestPause }
/** A stream that lasted so many seconds was none that is cut at once. */
const longEnough = 1
const streamRetry = 60
const shortestPollInterval = 1
const longestPollInterval = 5
