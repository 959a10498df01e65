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
  if (rest === 0) return true
  if (rest === 1) return false
  const unusedBits = rest === 2 ? 0b1111 : 0b11
  return (sextet(text.charCodeAt(end - 1)) & unusedBits) === 0
}

function sextet(code: number): number {
  if (code >= 0x61) return code - 0x61 + 26
  if (code === 0x5f) return 63
  if (code >= 0x41) return code - 0x41
  if (code >= 0x30) return code - 0x30 + 52
  return 62
}

function refusal(state: string): TokenError {
  return new TokenError('token/base64url', `Cannot decode the base64url text: ${state}`)
}

const OUTSIDE_ALPHABET = /[^A-Za-z0-9_-]/
