/**
 * The language of ours that somebody likes best: the wishes of the app before those of the browser, and `fallback` when
 * neither names one. Each tag is shortened from its end until it fits (RFC 4647 §3.4), so that `de-CH` finds `de`.
 */
export function languageOf<Language extends string>(
  uiLocales: readonly string[],
  acceptLanguage: string | null,
  ours: readonly Language[],
  fallback: Language,
): Language {
  const accepted = acceptedRanges(acceptLanguage ?? '')
  return lookUp(uiLocales, ours, fallback) ?? lookUp(accepted, ours, fallback) ?? fallback
}

/** Undefined when none fits. */
export function lookUp<Language extends string>(
  ranges: readonly string[],
  ours: readonly Language[],
  any: Language,
): Language | undefined {
  for (const range of ranges) {
    if (range === '*') return any
    const found = lookUpOne(range.toLowerCase().split('-'), ours)
    if (found !== undefined) return found
  }
  return undefined
}

function lookUpOne<Language extends string>(
  subtags: readonly string[],
  ours: readonly Language[],
): Language | undefined {
  for (let length = subtags.length; length > 0; length -= 1) {
    const tag = subtags.slice(0, length).join('-')
    const found = ours.find((language) => language.toLowerCase() === tag)
    if (found !== undefined) return found
  }
  return undefined
}

/** The ranges of `Accept-Language`, the best first (RFC 9110 §12.5.4). What is malformed is passed over. */
function acceptedRanges(header: string): readonly string[] {
  return header
    .slice(0, LONGEST)
    .split(',')
    .flatMap((part) => {
      const [, range, weight = '1'] = RANGE.exec(part) ?? []
      return range === undefined || Number(weight) === 0 ? [] : [{ range, weight: Number(weight) }]
    })
    .sort((one, other) => other.weight - one.weight)
    .map(({ range }) => range)
}

const RANGE =
  /^[ \t]*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i
/** Characters; browsers send some twenty. */
const LONGEST = 1024
