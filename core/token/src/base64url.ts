import { TokenError } from './errors.ts'

/** base64url without padding (RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/**
 * Decodes the one canonical text of some bytes: exact alphabet, no padding, no white space, and unused bits of the last
 * character zero, so that no two texts mean the same. Throws `token/base64url`.
 */
export function decodeBase64url(text: string): Uint8Array {
  if (!isCanonicalBase64url(text))
    throw new TokenError('token/base64url', 'Cannot decode base64url: the text is not canonical')
  return Buffer.from(text, 'base64url')
}

export function isCanonicalBase64url(text: string): boolean {
  const spare = text.length & 3
  if (spare === 1 || !ALPHABET.test(text)) return false
  if (spare === 0) return true
  const last = VALUES.indexOf(text.charAt(text.length - 1))
  return (last & (spare === 2 ? 0b1111 : 0b11)) === 0
}

const ALPHABET = /^[A-Za-z0-9_-]*$/
const VALUES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
