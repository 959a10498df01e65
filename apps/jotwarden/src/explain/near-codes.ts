import { didYouMean } from '../config/did-you-mean.ts'

/** The codes that were probably meant, the likeliest first, three at most: spelled nearly so, or holding what was written. */
export function nearCodes(written: string, codes: readonly string[]): readonly string[] {
  const wanted = written.toLowerCase()
  const spelled = didYouMean(wanted, codes)
  const wordSpelled = didYouMean(wanted, codes.map(wordOf))
  const near = [
    ...(spelled === undefined ? [] : [spelled]),
    ...codes.filter((code) => wordOf(code) === wanted || wordOf(code) === wordSpelled),
    ...(wanted.length < SHORTEST_PART ? [] : codes.filter((code) => code.includes(wanted))),
  ]
  return [...new Set(near)].slice(0, MOST)
}

/** A code without its package. */
function wordOf(code: string): string {
  return code.slice(code.indexOf('/') + 1)
}

const SHORTEST_PART = 3
const MOST = 3
