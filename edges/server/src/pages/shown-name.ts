import type { Texts } from './texts/texts.ts'

/**
 * A name as a page may show it: without characters that are not seen or that turn the direction of the text around them,
 * and not so long that it pushes the rest out of sight.
 */
export function shownName(name: string, texts: Texts): string {
  const seen = [...name.replace(UNSEEN, '').trim()]
  if (seen.length === 0) return texts.frame.unnamed
  return seen.length <= LONGEST ? seen.join('') : `${seen.slice(0, LONGEST - 1).join('')}…`
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ue000]/gu
const LONGEST = 80
