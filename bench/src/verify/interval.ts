/** Bounds between which the median of a distribution lies with a stated confidence. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * The interval of the median at 95 % or more, from the order of the values alone: no distribution is assumed. The
 * whole range where there are too few values for that, which is below 6.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = lowerRank(sorted.length)
  return {
    low: sorted[rank] ?? Number.NaN,
    high: sorted[sorted.length - 1 - rank] ?? Number.NaN,
  }
}

/** How many values may be left out at either end: the chance that the median lies among those is at most 2.5 %. */
function lowerRank(count: number): number {
  let chance = 2 ** -count
  let below = chance
  let rank = 0
  for (let left = 1; left < count / 2; left++) {
    chance = (chance * (count - left + 1)) / left
    below += chance
    if (below > 0.025) return rank
    rank = left
  }
  return rank
}
