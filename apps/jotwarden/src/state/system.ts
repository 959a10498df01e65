import { randomBytes } from 'node:crypto'
import type { Clock, Random } from '@jotwarden/token'

/** The system's clock, in seconds since the epoch. */
export const systemClock: Clock = { now: () => Date.now() / 1000 }

/** The system's generator. */
export const systemRandom: Random = { bytes: (length) => randomBytes(length) }
