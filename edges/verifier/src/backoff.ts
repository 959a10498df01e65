/** Between which seconds a delay moves. */
export interface BackoffBounds {
  readonly first: number
  readonly longest: number
}

/**
 * Seconds to wait after so many failures in a row: doubling from the first to the longest, of which the upper
 * half is left to chance (0 up to 1), so that many verifiers do not ask again at the same moment.
 */
export function backoffDelay(failures: number, chance: number, bounds: BackoffBounds = keyBounds): number {
  const longest = Math.min(bounds.longest, bounds.first * 2 ** (failures - 1))
  return longest * (0.5 + 0.5 * chance)
}

const keyBounds: BackoffBounds = { first: 1, longest: 60 }
