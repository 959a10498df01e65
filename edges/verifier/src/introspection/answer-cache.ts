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
  #questions = 0

  constructor(clock: Clock, seconds: number, most: number) {
    this.#clock = clock
    this.#seconds = seconds
    this.#most = most
  }

  /** The answer for a hash; `fresh` asks again, and never joins a question that was put before. */
  async find(hash: string, fresh: boolean, ask: () => Promise<JsonObject>): Promise<JsonObject> {
    const now = this.#clock.now()
    this.#questions += 1
    const question = { at: now, order: this.#questions }
    if (fresh) return this.#keep(hash, await ask(), question)
    const known = this.#answers.get(hash)
    if (known !== undefined && now >= known.at && now < known.at + this.#seconds) return known.answer
    const open = this.#open.get(hash)
    if (open !== undefined) return open
    const asked = ask()
      .then((answer) => this.#keep(hash, answer, question))
      .finally(() => this.#open.delete(hash))
    this.#open.set(hash, asked)
    return asked
  }

  /** An answer is as old as its question, and none replaces one that was asked for later. */
  #keep(hash: string, answer: JsonObject, question: Question): JsonObject {
    if (this.#seconds === 0 || (this.#answers.get(hash)?.order ?? 0) > question.order) return answer
    this.#answers.delete(hash)
    this.#answers.set(hash, { answer, ...question })
    if (this.#answers.size > this.#most)
      for (const oldest of this.#answers.keys()) {
        this.#answers.delete(oldest)
        break
      }
    return answer
  }
}

interface Question {
  /** Seconds since the epoch. */
  readonly at: number
  /** Which of two was put later, also where a clock cannot tell. */
  readonly order: number
}

interface Remembered extends Question {
  readonly answer: JsonObject
}
