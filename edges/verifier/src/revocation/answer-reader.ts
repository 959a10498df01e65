import type { FeedHead, FeedHello, FeedMarks, FeedMessage } from '@jotwarden/policy'
import { FeedFailure } from './feed-failure.ts'
import type { Freshness, Instant } from './freshness.ts'
import type { HeldLog } from './held-log.ts'
import type { Emit } from './revocation-event.ts'

/** What a reader of one answer is told. */
export interface AnswerReaderOptions {
  readonly issuer: string
  readonly log: HeldLog
  readonly freshness: Freshness
  readonly emit: Emit
  /** When the request was sent, and from which number on it asked. */
  readonly sent: Instant
  readonly after: number | undefined
}

/** Takes the messages of one answer in their order, and holds them against the rules of docs/feed.md. */
export class AnswerReader {
  readonly #options: AnswerReaderOptions
  #hello: FeedHello | undefined
  #position = 0
  #marks = 0
  #isCertified = false

  constructor(options: AnswerReaderOptions) {
    this.#options = options
  }

  /** The first line, once it has come. */
  get hello(): FeedHello | undefined {
    return this.#hello
  }

  /** Whether a head said that we have everything. */
  get isCertified(): boolean {
    return this.#isCertified
  }

  /** Throws a {@link FeedFailure} for what must not stand there, without having taken anything of it. */
  take(message: FeedMessage): void {
    if (message.type === 'hello') this.#begin(message)
    if (this.#hello === undefined) throw new FeedFailure('malformed')
    if (message.type === 'marks') this.#add(message)
    if (message.type === 'head') this.#certify(message)
  }

  #begin(hello: FeedHello): void {
    const { issuer, after } = this.#options
    if (hello.issuer !== issuer) throw new FeedFailure('wrong-issuer')
    const expected = hello.mode === 'snapshot' ? 0 : after
    if (this.#hello !== undefined || hello.after !== expected) throw new FeedFailure('malformed')
    if (hello.mode === 'snapshot') this.#options.log.startOver()
    this.#hello = hello
    this.#position = hello.after
  }

  #add({ previous, number, marks }: FeedMarks): void {
    if (previous !== this.#position) throw new FeedFailure('gap')
    this.#options.log.add(marks, number)
    this.#position = number
    this.#marks += marks.length
  }

  // A head of another number speaks of marks that we do not have, or no longer of what we have
  #certify({ number, asOf }: FeedHead): void {
    if (number !== this.#position) return
    const { log, freshness, sent, emit } = this.#options
    log.reach(number)
    freshness.certify(sent, asOf)
    if (!this.#isCertified && this.#hello?.mode === 'snapshot')
      emit({ type: 'snapshot', marks: this.#marks, seconds: freshness.since(sent) })
    this.#isCertified = true
    emit({ type: 'head', number, lag: freshness.staleness() })
  }
}
