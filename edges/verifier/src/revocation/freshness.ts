import type { Clock } from '@jotwarden/token'

/** A moment on both clocks. */
export interface Instant {
  readonly steady: number
  readonly wall: number
}

/**
 * How old what we know is, by our own clocks alone (docs/feed.md, "Freshness"). The steady clock decides; the wall
 * clock is asked beside it because a steady clock may stand while the machine is suspended. The older answer counts.
 */
export class Freshness {
  readonly #wall: Clock
  readonly #steady: Clock
  #fresh: Instant | undefined

  constructor(wall: Clock, steady: Clock) {
    this.#wall = wall
    this.#steady = steady
  }

  now(): Instant {
    return { steady: this.#steady.now(), wall: this.#wall.now() }
  }

  /** Seconds since then; the longer way of the two clocks. */
  since({ steady, wall }: Instant): number {
    return Math.max(this.#steady.now() - steady, this.#wall.now() - wall)
  }

  /** The statement was read so many seconds after a request that was sent then. One older than what we have changes nothing. */
  certify(sent: Instant, asOf: number): void {
    const now = this.now()
    // Nothing that has arrived is newer than now: the server's clock may have gone on while ours stood
    const fresh = {
      steady: Math.min(sent.steady + asOf, now.steady),
      wall: Math.min(sent.wall + asOf, now.wall),
    }
    if (this.#fresh === undefined || fresh.steady >= this.#fresh.steady) this.#fresh = fresh
  }

  /** Seconds; Infinity before the first statement. */
  staleness(): number {
    return this.#fresh === undefined ? Number.POSITIVE_INFINITY : this.since(this.#fresh)
  }

  /** What we know can no longer be relied on, until the next statement. */
  drop(): void {
    this.#fresh = undefined
  }
}
