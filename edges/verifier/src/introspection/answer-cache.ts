import type { Clock, JsonObject } from '@jotwarden/token'

/**
 * What an issuer said of tokens, by their hash and for a few seconds. Calls that come while a question is open wait for
 * its answer; failures are not remembered. Bounded: the oldest answer goes first.
 */
export class AnswerCache {
  readonly #clock: Clock
  readonly #seconds: number
  readonly #most: number
  readonly #answers = new Map<string, Remembered>()
  readonly #open = new Map<string, Promise<JsonObject>>()

  constructor(clock: Clock, seconds: number, most: number) {
    this.#clock = clock
    this.#seconds = seconds
    this.#most = most
  }

  /** The answer for a hash; `fresh` asks again, and never joins a question that was put before. */
  async find(hash: string, fresh: boolean, ask: () => Promise<JsonObject>): Promise<JsonObject> {
    const now = this.#clock.now()
    if (fresh) return this.#keep(hash, await ask(), now)
    const known = this.#answers.get(hash)
    if (known !== undefined && now >= known.at && now < known.at + this.#seconds) return known.answer
    const open = this.#open.get(hash)
    if (open !== undefined) return open
    const asked = ask()
      .then((answer) => this.#keep(hash, answer, now))
      .finally(() => this.#open.delete(hash))
    this.#open.set(hash, asked)
    return asked
  }

  /** An answer is as old as its question, and none replaces one that was asked for later. */
  #keep(hash: string, answer: JsonObject, at: number): JsonObject {
    if (this.#seconds === 0 || (this.#answers.get(hash)?.at ?? at) > at) return answer
    this.#answers.delete(hash)
    this.#answers.set(hash, { answer, at })
    if (this.#answers.size > this.#most)
      for (const oldest of this.#answers.keys()) {
        this.#answers.delete(oldest)
        break
      }
    return answer
  }
}

interface Remembered {
  readonly answer: JsonObject
  /** Seconds since the epoch. */
  readonly at: number
}
