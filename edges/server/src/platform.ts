import { randomUUID } from 'node:crypto'
import type { Clock } from '@jotwarden/token'

// The one file of this package that touches the clock, timers and chance.

/** The system's clock, in seconds since the epoch. */
export const systemClock: Clock = { now: () => Date.now() / 1000 }

/** Starts to measure; the answer says how many milliseconds have gone by, in tenths. */
export function stopwatch(): () => number {
  const start = performance.now()
  return () => Math.round((performance.now() - start) * 10) / 10
}

/** A name for one request, to find it again in the log. Not a secret. */
export function nameRequest(): string {
  return randomUUID()
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
