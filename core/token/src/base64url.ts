import { base64urlBytes, base64urlText } from '#platform'
import { TokenError } from './errors.ts'

/** Encodes without padding (RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  return base64urlText(bytes)
}

/**
 * Decodes the one accepted form: URL-safe alphabet, no padding, unused last bits zero (RFC 7515 §2, RFC 4648 §3.5).
 * Throws `token/base64url` for every other text.
 */
export function decodeBase64url(text: string): Uint8Array {
  if (OUTSIDE_ALPHABET.test(text)) throw refusal('it holds a character outside the base64url alphabet')
  if (!hasCanonicalEnd(text, 0, text.length)) throw refusal('it is not the canonical encoding of any bytes')
  return base64urlBytes(text)
}

/** Whether a text is the one accepted form of some bytes. */
export function isCanonicalBase64url(text: string): boolean {
  return !OUTSIDE_ALPHABET.test(text) && hasCanonicalEnd(text, 0, text.length)
}

/** Whether the alphabet-checked segment `text[start, end)` has a possible length and zero unused bits. */
export function hasCanonicalEnd(text: string, start: number, end: number): boolean {
  const rest = (end - start) & 3
  const last = text.charAt(end - 1)
  return rest === 0 || (rest === 2 && LAST_OF_2.includes(last)) || (rest === 3 && LAST_OF_3.includes(last))
}

function refusal(state: string): TokenError {
  return new TokenError('token/base64url', `Cannot decode the base64url text: ${state}`)
}

const OUTSIDE_ALPHABET = /[^A-Za-z0-9_-]/
/** The characters whose last four, or two, of six bits are zero. */
const LAST_OF_2 = 'AQgw'
const LAST_OF_3 = 'AEIMQUYcgkosw048'
