/** Chance that can be had again: the same seed gives the same draws on every machine. No secret comes from here. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Chance of its own for a part of the work, so that leaving another part out does not change it. */
  static of(...numbers: readonly number[]): SeededRandom {
    let state = 0x9e3779b9
    for (const number of numbers) state = mixed(state ^ mixed(number >>> 0))
    return new SeededRandom(state)
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    return Math.floor((mixed(this.#state) / 2 ** 32) * bound)
  }

  /** Whether something that happens once in `times` happens now. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)]
    if (chosen === undefined && choices.length === 0) throw new Error('Cannot pick: there is no choice')
    return chosen as T
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}

/** The finalizer of splitmix32. */
function mixed(number: number): number {
  let x = number
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}
