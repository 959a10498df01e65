import { LANES } from './compact-id.ts'
import type { MarkedToken } from './mark.ts'

/**
 * Marks of one kind on compact ids: a hash table with open addressing and linear probing, without an object per mark.
 * Slots stand in the order of the hash, so that growing and shrinking walk through memory from front to back.
 */
export class CompactMarks {
  readonly #key: Int32Array
  #size = 0
  #bits = FEWEST_BITS
  /** Per slot 0 when it is free, else eight bits of the hash: near enough to be cached, they answer most questions. */
  #tags: Uint8Array
  /** Per slot four lanes, then the expiry as an unsigned word. */
  #slots: Int32Array
  /** Per slot the mark's number; nothing for kinds that refuse unconditionally. */
  #numbers: Float64Array | undefined
  #cursor = 0

  constructor(ordered: boolean, seed: number) {
    this.#key = keyFrom(seed)
    this.#tags = new Uint8Array(1 << FEWEST_BITS)
    this.#slots = new Int32Array(WORDS << FEWEST_BITS)
    this.#numbers = ordered ? new Float64Array(1 << FEWEST_BITS) : undefined
  }

  get size(): number {
    return this.#size
  }

  get places(): number {
    return 1 << this.#bits
  }

  get bytes(): number {
    return this.#tags.byteLength + this.#slots.byteLength + (this.#numbers?.byteLength ?? 0)
  }

  refuses(lanes: Int32Array, token: MarkedToken): boolean {
    const slot = this.#find(lanes, 0)
    if (!this.#isTaken(slot)) return false
    return this.#numbers === undefined || (token.rev ?? 0) < (this.#numbers[slot] ?? 0)
  }

  add(lanes: Int32Array, number: number, expiresAt: number): void {
    const expiry = wordOfExpiry(expiresAt)
    const slot = this.#find(lanes, 0)
    if (this.#isTaken(slot)) {
      this.#write(slot, Math.max(this.#numberAt(slot), number), Math.max(this.#expiryAt(slot), expiry))
    } else if (this.#size + 1 > this.places * HIGHEST_LOAD) {
      this.#rebuild(this.#bits + 1)
      this.add(lanes, number, expiresAt)
    } else {
      this.#tags[slot] = tagOf(hashOf(lanes, 0, this.#key))
      copyLanes(lanes, 0, this.#slots, slot * WORDS)
      this.#write(slot, number, expiry)
      this.#size++
    }
  }

  /**
   * Goes on forgetting what has expired, for at most `budget` slots, and says how many it examined. It examines fewer
   * than it may only at the end of a round, and then begins the next one.
   */
  sweep(now: number, budget: number): number {
    let examined = 0
    for (; examined < budget && this.#cursor < this.places; examined++) {
      // A slot that was freed may have been filled from behind, so it is examined once more.
      if (this.#hasExpired(this.#cursor, now)) this.#free(this.#cursor)
      else this.#cursor++
    }
    if (examined < budget) this.restart()
    return examined
  }

  /** Begins a round of sweeping at the first slot. */
  restart(): void {
    this.#cursor = 0
    if (this.#bits > FEWEST_BITS && this.#size < this.places * LOWEST_LOAD) this.#rebuild(bitsFor(this.#size))
  }

  /** The slot of the id that begins at `from`, or the free one where it belongs. */
  #find(words: Int32Array, from: number): number {
    const hash = hashOf(words, from, this.#key)
    const tag = tagOf(hash)
    const tags = this.#tags
    const last = tags.length - 1
    for (let slot = homeOf(hash, this.#bits); ; slot = (slot + 1) & last) {
      const found = tags[slot]
      if (found === 0 || (found === tag && sameLanes(words, from, this.#slots, slot * WORDS))) return slot
    }
  }

  #isTaken(slot: number): boolean {
    return this.#tags[slot] !== 0
  }

  #expiryAt(slot: number): number {
    return (this.#slots[slot * WORDS + EXPIRY] ?? 0) >>> 0
  }

  #hasExpired(slot: number, now: number): boolean {
    if (!this.#isTaken(slot)) return false
    const expiry = this.#expiryAt(slot)
    return expiry !== LAST_EXPIRY && expiry <= now
  }

  #numberAt(slot: number): number {
    return this.#numbers?.[slot] ?? 0
  }

  #write(slot: number, number: number, expiry: number): void {
    this.#slots[slot * WORDS + EXPIRY] = expiry
    if (this.#numbers !== undefined) this.#numbers[slot] = number
  }

  /** Moves back what stands behind the slot only because it was taken, so that no probe ends too early. */
  #free(slot: number): void {
    const last = this.places - 1
    let hole = slot
    for (let at = (slot + 1) & last; this.#isTaken(at); at = (at + 1) & last) {
      const home = homeOf(hashOf(this.#slots, at * WORDS, this.#key), this.#bits)
      if (((at - home) & last) < ((at - hole) & last)) continue
      this.#tags[hole] = this.#tags[at] ?? 0
      copyLanes(this.#slots, at * WORDS, this.#slots, hole * WORDS)
      this.#write(hole, this.#numberAt(at), this.#expiryAt(at))
      hole = at
    }
    this.#tags[hole] = 0
    this.#size--
  }

  /** Moves every mark into a table of 2^bits slots. A round under way goes on at the same place in the order. */
  #rebuild(bits: number): void {
    const old = { tags: this.#tags, slots: this.#slots, numbers: this.#numbers }
    const tags = new Uint8Array(1 << bits)
    const slots = new Int32Array(WORDS << bits)
    const numbers = old.numbers && new Float64Array(1 << bits)
    this.#cursor = Math.floor((this.#cursor / this.places) * 2 ** bits)
    this.#bits = bits
    this.#tags = tags
    this.#slots = slots
    this.#numbers = numbers
    for (let from = 0; from < old.tags.length; from++) {
      const tag = old.tags[from] ?? 0
      if (tag === 0) continue
      const slot = this.#find(old.slots, from * WORDS)
      tags[slot] = tag
      copyLanes(old.slots, from * WORDS, slots, slot * WORDS)
      this.#write(slot, old.numbers?.[from] ?? 0, old.slots[from * WORDS + EXPIRY] ?? 0)
    }
  }
}

/** Where a hash is looked for first: its upper bits. */
function homeOf(hash: number, bits: number): number {
  return hash >>> (32 - bits)
}

/** The lower bits; 0 is a free slot. */
function tagOf(hash: number): number {
  return hash & 0xff || 1
}

function sameLanes(left: Int32Array, at: number, right: Int32Array, from: number): boolean {
  return (
    left[at] === right[from] &&
    left[at + 1] === right[from + 1] &&
    left[at + 2] === right[from + 2] &&
    left[at + 3] === right[from + 3]
  )
}

function copyLanes(source: Int32Array, at: number, target: Int32Array, to: number): void {
  for (let lane = 0; lane < LANES; lane++) target[to + lane] = source[at + lane] ?? 0
}

/** MurmurHash3 of four words, each hidden by a word of the key first: whoever picks ids does not pick slots. */
function hashOf(words: Int32Array, from: number, key: Int32Array): number {
  let hash = 0
  for (let lane = 0; lane < LANES; lane++) {
    const word = Math.imul((words[from + lane] ?? 0) ^ (key[lane] ?? 0), 0xcc9e2d51)
    hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593)
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  return mixed(hash)
}

/** Four words that depend on all 53 bits of the seed. */
function keyFrom(seed: number): Int32Array {
  const key = new Int32Array(LANES)
  let state = mixed(seed | 0) ^ Math.floor(seed / 2 ** 32)
  for (let lane = 0; lane < LANES; lane++) {
    state = (state + 0x9e3779b9) | 0
    key[lane] = mixed(state)
  }
  return key
}

/** Every bit of the result depends on every bit of the word. */
function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Whole seconds, never earlier than said. */
function wordOfExpiry(expiresAt: number): number {
  const whole = Math.ceil(expiresAt)
  return whole < LAST_EXPIRY ? Math.max(0, whole) : LAST_EXPIRY
}

/** The smallest table in which so many marks leave room to grow. */
function bitsFor(size: number): number {
  let bits = FEWEST_BITS
  while (size > 2 ** bits * (HIGHEST_LOAD / 2)) bits++
  return bits
}

/** What expires here or later is never forgotten: the word cannot tell when. */
const LAST_EXPIRY = 0xffffffff

const EXPIRY = LANES
const WORDS = LANES + 1
const FEWEST_BITS = 4
const HIGHEST_LOAD = 0.7
const LOWEST_LOAD = 0.15
