import type { ReplayStore } from '@jotwarden/policy'
import { VerifierError } from '../errors.ts'
import { wholeNumber } from '../invalid-option.ts'

/** How much is remembered. */
export interface MemoryReplayOptions {
  /**
   * Keys held at most, 1 to 10,000,000; 200,000 unless said, which is enough for 2,200 requests a second where a proof
   * may live for 90. One takes about 120 bytes.
   */
  readonly maxKeys?: number
}

/**
 * Remembers in this process alone: of several processes behind one name each would accept a proof once. Full of keys
 * that must not be forgotten yet, it throws `verifier/replay-unavailable` for every other one. Throws `verifier/options`.
 */
export function memoryReplayStore({ maxKeys = 200_000 }: MemoryReplayOptions = {}): ReplayStore {
  return new MemoryReplayStore(wholeNumber('replay.maxKeys', maxKeys, 1, 10_000_000))
}

/** Each call runs to its end without waiting for anything, and is atomic thereby. */
class MemoryReplayStore implements ReplayStore {
  readonly #maxKeys: number
  readonly #until = new Map<string, number>()
  /** The keys by the second in which their time is over. */
  readonly #ending = new Map<number, string[]>()
  #sweptAt = 0

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  remember(key: string, until: number, now: number): boolean {
    this.#forgetEnded(now)
    const known = this.#until.get(key)
    if (known !== undefined && known > now) return false
    if (known === undefined && this.#until.size >= this.#maxKeys) throw full()
    this.#until.set(key, until)
    const second = Math.ceil(until)
    const ending = this.#ending.get(second)
    if (ending === undefined) this.#ending.set(second, [key])
    else ending.push(key)
    return true
  }

  /** Once a second at most; the seconds that are looked through are no more than a proof may live. */
  #forgetEnded(now: number): void {
    if (Math.floor(now) === this.#sweptAt) return
    this.#sweptAt = Math.floor(now)
    for (const [second, keys] of this.#ending) {
      if (second > now) continue
      for (const key of keys) if ((this.#until.get(key) ?? 0) <= now) this.#until.delete(key)
      this.#ending.delete(second)
    }
  }
}

function full(): VerifierError {
  return new VerifierError(
    'verifier/replay-unavailable',
    'Cannot remember the DPoP proof: the replay store is full',
    { reason: 'replay-store-full', retryAfter: 1 },
  )
}
