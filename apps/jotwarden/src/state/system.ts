import { randomFillSync } from 'node:crypto'
import type { Clock, Random } from '@jotwarden/token'

/** The system's clock, in seconds since the epoch. */
export const systemClock: Clock = { now: () => Date.now() / 1000 }

/** The system's generator, asked for a page at a time: asking costs more than the bytes do. No byte is given twice. */
export const systemRandom: Random = { bytes: (length) => (length > PAGE ? fresh(length) : fromPage(length)) }

function fromPage(length: number): Uint8Array {
  if (page.length - used < length) {
    randomFillSync(page)
    used = 0
  }
  const taken = page.slice(used, used + length)
  page.fill(0, used, used + length)
  used += length
  return taken
}

function fresh(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length))
}

/** Bytes. */
const PAGE = 4096
const page = new Uint8Array(PAGE)
let used = PAGE
