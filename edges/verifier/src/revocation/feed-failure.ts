import type { DisconnectReason } from './revocation-event.ts'

/** Why an answer of the feed came to its end. Stays inside this package, and names no cause: a cause may show the request. */
export class FeedFailure extends Error {
  override readonly name = 'FeedFailure'
  readonly reason: DisconnectReason
  readonly status: number | undefined
  /** Seconds that the server asked us to wait. */
  readonly retryAfter: number | undefined

  constructor(reason: DisconnectReason, answer: { status?: number; retryAfter?: number | undefined } = {}) {
    super(`Cannot follow the revocation feed: ${reason}`)
    this.reason = reason
    this.status = answer.status
    this.retryAfter = answer.retryAfter
  }
}
