/**
 * Seconds to wait after so many failures in a row: doubling from one second to a minute, of which the upper
 * half is left to chance (0 up to 1), so that many verifiers do not ask again at the same moment.
 */
export function backoffDelay(failures: number, chance: number): number {
  const longest = Math.min(longestDelay, firstDelay * 2 ** (failures - 1))
  return longest * (0.5 + 0.5 * chance)
}

const firstDelay = 1
const longestDelay = 60
