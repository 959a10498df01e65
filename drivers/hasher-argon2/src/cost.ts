import { HasherError } from './errors.ts'

/** What one hash costs (RFC 9106 §3.1): `m` in KiB of memory, `t` passes, `p` lanes. */
export interface Argon2Cost {
  readonly m: number
  readonly t: number
  readonly p: number
}

/** Refuses what would exhaust the machine, wherever it came from. Throws `hasher/excessive-cost`. */
export function checkCeiling(cost: Argon2Cost): void {
  if (cost.m <= ceiling.m && cost.t <= ceiling.t && cost.p <= ceiling.p) return
  throw new HasherError(
    'hasher/excessive-cost',
    `Cannot hash the password: its cost is above m=${ceiling.m}, t=${ceiling.t}, p=${ceiling.p}`,
  )
}

/** Refuses what is cheaper to guess than the least that OWASP lists. Throws `hasher/weak-cost`. */
export function checkFloor(cost: Argon2Cost): void {
  if (cost.m >= floor.m && cost.m * cost.t >= floor.work) return
  throw new HasherError(
    'hasher/weak-cost',
    `Cannot use the cost: memory must be at least ${floor.m} KiB and memory times passes at least ${floor.work}`,
  )
}

/** Whether the numbers mean anything to Argon2 (RFC 9106 §3.1: at least 8 KiB of memory for each lane). */
export function isCost(cost: Argon2Cost): boolean {
  return [cost.m, cost.t, cost.p].every((n) => Number.isSafeInteger(n) && n >= 1) && cost.m >= 8 * cost.p
}

/** OWASP Password Storage Cheat Sheet, August 2026. */
export const defaultCost: Argon2Cost = { m: 19456, t: 2, p: 1 }

/** The sheet's cheapest line is m=7168, t=5; all its lines cost about the same work. */
const floor = { m: 7168, work: 7168 * 5 }

const ceiling: Argon2Cost = { m: 1024 * 1024, t: 10, p: 16 }
