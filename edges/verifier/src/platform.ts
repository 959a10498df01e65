import type { Clock } from '@jotwarden/token'

// The one file of this package that touches the clock, the network, timers and chance.

/** What a verifier calls to fetch a document; the `fetch` of the platform fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The system's clock, in seconds since the epoch. */
export const systemClock: Clock = { now: () => Date.now() / 1000 }

/** A clock that nobody sets, in seconds since some moment. It may stand while the machine is suspended. */
export const systemSteadyClock: Clock = { now: () => performance.now() / 1000 }

/** The platform's own `fetch`. */
export const systemFetch: Fetch = (url, init) => globalThis.fetch(url, init)

/** A number from 0 up to 1, to spread retries and refreshes. Not for secrets. */
export function systemChance(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32
}

/** Random bytes that nobody can guess. */
export function systemRandom(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/**
 * Acts once after so many seconds; calling the answer prevents it. Where the platform allows it, the timer does
 * not keep a process alive.
 */
export function startTimer(seconds: number, act: () => void): () => void {
  const timer: unknown = setTimeout(act, seconds * 1000)
  release(timer)
  return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
}

/** Acts every so many seconds, as {@link startTimer} does once. */
export function startTicking(seconds: number, act: () => void): () => void {
  const timer: unknown = setInterval(act, seconds * 1000)
  release(timer)
  return () => clearInterval(timer as ReturnType<typeof setInterval>)
}

// A timer is an object in Node, Bun and Deno, and a number in browsers
function release(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref()
}

/** Thrown by {@link withDeadline} when the time is over. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'
}

/**
 * Runs an act that may take so many seconds. When they are over the signal aborts and the promise rejects
 * with {@link DeadlinePassed}, whether the act heeds the signal or not.
 */
export async function withDeadline<T>(seconds: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const passed = new DeadlinePassed(`Cannot wait any longer: ${seconds} seconds are over`)
      reject(passed)
      controller.abort(passed)
    }, seconds * 1000)
  })
  try {
    return await Promise.race([act(controller.signal), deadline])
  } finally {
    clearTimeout(timer)
  }
}
