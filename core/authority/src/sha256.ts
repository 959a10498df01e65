import { createHash, timingSafeEqual } from 'node:crypto'
import { encodeBase64url } from '@jotwarden/token'

/** base64url of the SHA-256 of a text: how secrets of 256 random bits are kept. */
export function sha256(text: string): string {
  return encodeBase64url(createHash('sha256').update(text, 'utf8').digest())
}

/** Compares two texts without telling by time where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = createHash('sha256').update(a, 'utf8').digest()
  const right = createHash('sha256').update(b, 'utf8').digest()
  return timingSafeEqual(left, right)
}
