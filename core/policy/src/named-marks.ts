import type { MarkedToken } from './mark.ts'

/** Marks of one kind on ids of any form. */
export class NamedMarks {
  readonly #ordered: boolean
  readonly #marks = new Map<string, NamedMark>()
  /** Where sweeping has come to; the iterator of a Map stands firm while entries come and go. */
  #round: MapIterator<[string, NamedMark]>

  constructor(ordered: boolean) {
    this.#ordered = ordered
    this.#round = this.#marks.entries()
  }

  get size(): number {
    return this.#marks.size
  }

  /** How many places a round of sweeping examines. */
  get places(): number {
    return this.#marks.size
  }

  /** What is counted of it: nothing, since ids of any length are the engine's. */
  get bytes(): number {
    return 0
  }

  refuses(id: string, token: MarkedToken): boolean {
    const mark = this.#marks.get(id)
    return mark !== undefined && (!this.#ordered || (token.rev ?? 0) < mark.number)
  }

  add(id: string, number: number, expiresAt: number): void {
    const known = this.#marks.get(id)
    if (known === undefined) {
      this.#marks.set(id, { number, expiresAt })
    } else {
      known.number = Math.max(known.number, number)
      known.expiresAt = Math.max(known.expiresAt, expiresAt)
    }
  }

  /** As `CompactMarks.sweep`, for entries. */
  sweep(now: number, budget: number): number {
    for (let examined = 0; examined < budget; examined++) {
      const { done, value } = this.#round.next()
      if (done === true) {
        this.restart()
        return examined
      }
      if (value[1].expiresAt <= now) this.#marks.delete(value[0])
    }
    return budget
  }

  restart(): void {
    this.#round = this.#marks.entries()
  }
}

interface NamedMark {
  number: number
  expiresAt: number
}
