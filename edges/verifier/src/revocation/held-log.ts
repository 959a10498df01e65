import { epochOf, type Mark, type MarkedToken, type MarkKind, MarkSet } from '@jotwarden/policy'
import type { Emit } from './revocation-event.ts'

/** What a reader holds of an issuer's log: the marks, and up to which number it has them all. */
export class HeldLog {
  readonly #marks: MarkSet
  readonly #emit: Emit
  #cursor: number | undefined
  #head: number | undefined
  #gaps = 0
  #forgottenAt = Number.NEGATIVE_INFINITY

  /** `chance`, from 0 up to 1, keeps others from choosing ids that are slow to find. */
  constructor(emit: Emit, chance: number) {
    this.#emit = emit
    this.#marks = new MarkSet({ seed: Math.floor(chance * 2 ** 32) })
  }

  /** Everything up to this number is held; undefined when only a snapshot will do. */
  get cursor(): number | undefined {
    return this.#cursor
  }

  /** Whether no head was ever reached. */
  get isUntold(): boolean {
    return this.#head === undefined
  }

  /** The kind of a mark that refuses the token, or null. */
  refuses(token: MarkedToken): MarkKind | null {
    return this.#marks.refuses(token)
  }

  get size(): number {
    return this.#marks.size
  }

  /** Takes marks that complete the log up to a number. Those held stay: a snapshot adds to them. */
  add(marks: readonly Mark[], number: number): void {
    for (const mark of marks) this.#marks.add(mark)
    this.#cursor = number
    this.#emit({ type: 'marks', count: marks.length, number })
  }

  /** The log's head is this number, and everything up to it is held. */
  reach(number: number): void {
    this.#cursor = number
    this.#gaps = 0
    const from = this.#head ?? number
    this.#head = number
    if (epochOf(number) > epochOf(from)) this.#emit({ type: 'epoch', from, to: number })
    else if (number < from) this.#emit({ type: 'rolled-back', from, to: number })
  }

  /** Only a snapshot will do from here. */
  startOver(): void {
    this.#cursor = undefined
  }

  /** Something is missing: once it is asked for again, a second time in a row everything is. Answers the times in a row. */
  miss(): number {
    this.#gaps += 1
    if (this.#gaps > 1) this.startOver()
    return this.#gaps
  }

  /** Forgets what no token can live up to any more. */
  forget(now: number): void {
    const before = this.#marks.size
    this.#marks.forget(now - greatestSkew - tolerance, forgottenAtOnce)
    if (this.#marks.size < before) this.#forgottenAt = Math.max(this.#forgottenAt, now)
  }

  /** Says whether the clock stands so far behind a time at which we forgot that a forgotten mark may matter again. */
  lacks(now: number): boolean {
    return now < this.#forgottenAt - tolerance
  }

  /** Takes what was forgotten for lost: only a snapshot brings it back. */
  recall(): void {
    this.#forgottenAt = Number.NEGATIVE_INFINITY
    this.startOver()
  }
}

/** The greatest by which a verifier lets clocks differ. */
const greatestSkew = 60
/** By how much the wall clock may be set back without consequence. */
const tolerance = 1
const forgottenAtOnce = 10_000
