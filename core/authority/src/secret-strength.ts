/**
 * Whether a secret from elsewhere is so weak that its hash would give it away to somebody who reads the store: secrets made
 * here have 256 random bits, and a plain SHA-256 stretches nothing. An estimate that is low for what looks like words, since
 * randomness cannot be seen: a weak secret that looks random passes.
 */
export function isWeakSecret(text: string): boolean {
  return isRepetition(text) || bitsOfParts(text) < LEAST_BITS || bitsOfLetters(text) < LEAST_MEASURED
}

/** What looks like a word counts as one of two thousand, whatever its length. */
function bitsOfParts(text: string): number {
  const words = text.match(WORD) ?? []
  const rest = text.replace(WORD, '')
  const letters = (rest.match(/[A-Za-z]/g) ?? []).length
  const bitsOfOne = /[A-Z]/.test(rest) && /[a-z]/.test(rest) ? 5.7 : 4.7
  const digits = (rest.match(/[0-9]/g) ?? []).length
  const others = new Set(rest.replace(/[A-Za-z0-9]/g, '')).size
  return words.length * 11 + letters * bitsOfOne + digits * 3.3 + others * 5
}

/** Shannon's measure over the text's own letters: low where few are used, or one again and again. */
function bitsOfLetters(text: string): number {
  const counts = new Map<string, number>()
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  const length = [...text].length
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / length), 0)
}

function isRepetition(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period += 1)
    if (text.startsWith(text.slice(period))) return true
  return false
}

/** Of 80 bits or more nobody goes through all. */
const LEAST_BITS = 80
/** Of a short text, the measure is below what it was made of. */
const LEAST_MEASURED = 64
const WORD = /[A-Z]?[a-z]{4,}|[A-Z]{4,}/g
