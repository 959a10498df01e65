import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import type { Secret } from './secret.ts'

const made: unique symbol = Symbol('made by @jotwarden/token')

/** A key for tags that only the authority makes and checks. Only `importMacKey` makes it. */
export interface MacKey {
  /** 8 random bytes, base64url (11 characters). */
  readonly kid: string
  readonly [made]: KeyObject
}

/** Imports a MAC key of at least 32 bytes. Throws `key/weak` or `key/malformed`. */
export function importMacKey(kid: string, secret: Secret): MacKey {
  const bytes = secret.reveal()
  if (bytes.length < 32)
    throw new TokenError('key/weak', 'Cannot import the MAC key: it is shorter than 32 bytes')
  if (!SYMMETRIC_KID.test(kid))
    throw new TokenError('key/malformed', 'Cannot import the MAC key: its kid is not 8 bytes in base64url')
  return Object.freeze({ kid, [made]: createSecretKey(bytes) })
}

/** HMAC-SHA-256 over a label and parts, each with its length before it, so that no two lists give the same bytes. */
export function mac(key: MacKey, label: string, parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', key[made])
  for (const part of [Buffer.from(label, 'utf8'), ...parts]) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(part.length)
    hmac.update(length).update(part)
  }
  return hmac.digest()
}

/** A keyed hash of a text, 12 bytes in base64url: tells sameness to whoever holds the key, and nothing to others. */
export function keyedHash(key: MacKey, label: string, text: string): string {
  return encodeBase64url(mac(key, label, [Buffer.from(text, 'utf8')]).subarray(0, 12))
}

export const SYMMETRIC_KID: RegExp = /^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$/
