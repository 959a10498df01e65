import { randomBytes, randomInt } from 'node:crypto'
import type { Clock } from '@jotwarden/token'

// The one file of this package that touches the clock, timers and chance.

/** The system's clock, in seconds since the epoch. */
export const systemClock: Clock = { now: () => Date.now() / 1000 }

/** Starts to measure; the answer says how many milliseconds have gone by, in tenths. */
export function stopwatch(): () => number {
  const start = performance.now()
  return () => Math.round((performance.now() - start) * 10) / 10
}

/** Seconds on a clock that only goes forward, whatever the wall clock does. Where it began says nothing. */
export function steadyNow(): number {
  return performance.now() / 1000
}

/** A number from 0 to 1, to spread what would else happen at once. Not a secret. */
export function spread(): number {
  return randomInt(2 ** 32) / 2 ** 32
}

/** A name for one request, to find it again in the log: 128 random bits. Not a secret. */
export function nameRequest(): string {
  return randomBytes(16).toString('hex')
}

/** Waits for the act, at most so many seconds; rejects when they are over. */
export async function withDeadline<T>(seconds: number, act: () => Promise<T>): Promise<T> {
  const { promise: deadline, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new Error(`Cannot wait any longer: ${seconds} seconds are over`))
  }, seconds * 1000)
  try {
    return await Promise.race([act(), deadline])
  } finally {
    clearTimeout(timer)
  }
}

/** Does it once so many seconds are over, unless the answer is called before. */
export function later(seconds: number, act: () => void): () => void {
  const timer = setTimeout(act, seconds * 1000)
  return () => clearTimeout(timer)
}

/** A wait that somebody else may cut short. There is one at a time. */
export interface Pause {
  wait(seconds: number): Promise<void>
  end(): void
}

export function createPause(): Pause {
  let endWait = (): void => {}
  return {
    async wait(seconds) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = later(seconds, resolve)
      endWait = resolve
      await promise
      cancel()
    },
    end: () => endWait(),
  }
}
