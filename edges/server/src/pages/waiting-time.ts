import type { Language } from './texts/languages.ts'

/** A time to wait, in words: seconds below a minute, else whole minutes. */
export function waitingTime(seconds: number, language: Language): string {
  return seconds < 60
    ? inUnit(seconds, 'second', language)
    : inUnit(Math.ceil(seconds / 60), 'minute', language)
}

/** `Intl` knows the plurals and the spaces of every language. */
function inUnit(number: number, unit: 'second' | 'minute', language: Language): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(number)
}
