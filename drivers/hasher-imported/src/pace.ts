import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { CheckThread } from './check-thread.ts'
import type { ImportedHash } from './imported-hash.ts'
import { readImportedHash } from './read-imported-hash.ts'

/**
 * Holds back every refusal until the slowest of the imported hashes that are still kept would have been checked, so
 * that the time tells neither who exists nor who has not signed in since the import. It waits and computes nothing.
 */
export class Pace {
  readonly #thread: CheckThread
  readonly #costliest: () => Promise<string | undefined>
  readonly #longest = new Map<string, number>()
  readonly #measuring = new Map<string, Promise<number>>()
  readonly #closed = new AbortController()

  constructor(thread: CheckThread, costliest: () => Promise<string | undefined>) {
    this.#thread = thread
    this.#costliest = costliest
  }

  /** How long a check took that was made anyway. One that the machine held up is forgotten after a few others. */
  note({ form }: ImportedHash, took: number): void {
    this.#longest.set(form, Math.max(took, (this.#longest.get(form) ?? 0) * fading))
  }

  async holdBack(began: number): Promise<void> {
    const text = await this.#costliest()
    if (text === undefined) return
    const hash = readImportedHash(text)
    const took = this.#longest.get(hash.form) ?? (await this.#measured(hash))
    const left = began + took * margin - performance.now()
    if (left > 0) await wait(left, undefined, { signal: this.#closed.signal }).catch(() => undefined)
  }

  close(): void {
    this.#closed.abort()
  }

  /** The first refusal after a start does the work that the others then wait for. */
  #measured(hash: ImportedHash): Promise<number> {
    const running = this.#measuring.get(hash.form) ?? this.#measure(hash)
    this.#measuring.set(hash.form, running)
    return running
  }

  async #measure(imported: ImportedHash): Promise<number> {
    try {
      const { derivation, salt, hash } = imported
      const password = new Uint8Array(randomBytes(16))
      const { took } = await this.#thread.check({ password, derivation, salt, hash })
      this.note(imported, took)
      return took
    } finally {
      this.#measuring.delete(imported.form)
    }
  }
}

/** One check of a form takes a little longer than another. */
const margin = 1.15
const fading = 0.9
