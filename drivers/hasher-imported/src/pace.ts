import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { CheckThread } from './check-thread.ts'
import type { ImportedHash } from './imported-hash.ts'
import { readImportedHash } from './read-imported-hash.ts'

/**
 * Holds back every refusal until the slowest of the imported hashes that are still kept would have been checked, so
 * that the time tells neither who exists nor who has not signed in since the import. It waits and computes nothing.
 *
 * How long that is, it measures for itself: learned from checks that people ask for, the wait would change with each
 * check of an imported hash, and the next refusal would tell that there was one.
 */
export class Pace {
  readonly #thread: CheckThread
  readonly #costliest: () => Promise<string | undefined>
  readonly #measures = new Map<string, Measure>()
  readonly #closed = new AbortController()

  constructor(thread: CheckThread, costliest: () => Promise<string | undefined>) {
    this.#thread = thread
    this.#costliest = costliest
  }

  /** The slowest of the imported hashes that are kept. */
  async slowest(): Promise<ImportedHash | undefined> {
    const text = await this.#costliest()
    return text === undefined ? undefined : readImportedHash(text)
  }

  /** Never rejects: where it cannot be measured how long a check takes, the estimate counts. */
  async holdBack(began: number, hash: ImportedHash): Promise<void> {
    const took = await this.#measured(hash).catch(() => hash.work)
    const left = began + took * MARGIN - performance.now()
    if (left > 0) await wait(left, undefined, { signal: this.#closed.signal }).catch(() => undefined)
  }

  close(): void {
    this.#closed.abort()
  }

  /** Measured by the first refusal, and now and then by another, whomever it is of. */
  #measured(hash: ImportedHash): Promise<number> {
    const known = this.#measures.get(hash.form)
    if (known !== undefined && performance.now() - known.at < LASTS) return known.took
    const took = this.#measure(hash)
    this.#measures.set(hash.form, { took, at: performance.now() })
    took.catch(() => this.#measures.delete(hash.form))
    return took
  }

  /** The longer of two: the first one after a start also warms up. */
  async #measure({ derivation, salt, hash }: ImportedHash): Promise<number> {
    const check = () =>
      this.#thread.check({ password: new Uint8Array(randomBytes(16)), derivation, salt, hash })
    return Math.max((await check()).took, (await check()).took)
  }
}

interface Measure {
  readonly took: Promise<number>
  /** Milliseconds, as `performance.now()` has them. */
  readonly at: number
}

/** One check of a form takes longer than another, the more so on a busy machine; a wait costs nothing. */
const MARGIN = 1.5
/** Milliseconds. */
const LASTS = 600_000
