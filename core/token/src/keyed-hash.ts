import { utf8Bytes } from '#platform'
import { encodeBase64url } from './base64url.ts'
import { MacKey } from './refresh-token.ts'

/**
 * A keyed hash of a text, 16 bytes in base64url: tells sameness to whoever holds the key, and nothing to anybody else.
 * The label keeps hashes for different ends apart; it must not hold a NUL.
 */
export function keyedHash(key: MacKey, label: string, text: string): string {
  return encodeBase64url(MacKey.tag(key, utf8Bytes(`${label}\0`), utf8Bytes(text)))
}
