import type { Clock } from '@jotwarden/token'

/** A clock that stands until a test moves it. Seconds since the epoch. */
export class TestClock implements Clock {
  #now: number

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  /** Lets so many seconds pass; none that are negative. */
  pass(seconds: number): void {
    if (!(seconds >= 0)) throw new RangeError('Cannot move the clock: time passes forward alone')
    this.#now += seconds
  }
}
