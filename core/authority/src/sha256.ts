import { hash, timingSafeEqual } from 'node:crypto'

/** base64url of the SHA-256 of a text: how secrets of 256 random bits are kept. */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url')
}

/** Whether a text has this hash, without telling by time where they differ. */
export function hasSha256(text: string, expected: string): boolean {
  const [left, right] = [Buffer.from(sha256(text), 'latin1'), Buffer.from(expected, 'latin1')]
  return left.length === right.length && timingSafeEqual(left, right)
}
