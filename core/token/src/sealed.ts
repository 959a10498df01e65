import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { SYMMETRIC_KID } from './mac-key.ts'
import type { Secret } from './secret.ts'

const made: unique symbol = Symbol('made by @jotwarden/token')

/** A key for state that the authority hands out and takes back. Only `importSealKey` makes it. */
export interface SealKey {
  /** 8 random bytes, base64url (11 characters). */
  readonly kid: string
  readonly [made]: KeyObject
}

/** Imports a key of exactly 32 bytes. Throws `key/weak` or `key/malformed`. */
export function importSealKey(kid: string, secret: Secret): SealKey {
  const bytes = secret.reveal()
  if (bytes.length !== 32)
    throw new TokenError('key/weak', 'Cannot import the sealing key: it is not 32 bytes')
  if (!SYMMETRIC_KID.test(kid))
    throw new TokenError(
      'key/malformed',
      'Cannot import the sealing key: its kid is not 8 bytes in base64url',
    )
  return Object.freeze({ kid, [made]: createSecretKey(bytes) })
}

/**
 * Seals bytes with AES-256-GCM: `jwi_` and base64url of version (1), key id (8), nonce (12), ciphertext and tag (16).
 * What comes before the nonce, and `context`, are authenticated. The nonce must never repeat under a key.
 */
export function seal(plaintext: Uint8Array, context: string, key: SealKey, nonce: Uint8Array): string {
  if (nonce.length !== 12) throw new TokenError('sealed/malformed', 'Cannot seal: the nonce is not 12 bytes')
  const head = Buffer.concat([VERSION, decodeBase64url(key.kid)])
  const cipher = createCipheriv('aes-256-gcm', key[made], nonce).setAAD(associated(head, context))
  return (
    PREFIX +
    encodeBase64url(
      Buffer.concat([head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]),
    )
  )
}

/** The id of the key that it says it was sealed with. Throws `sealed/malformed`. */
export function sealedKid(text: string): string {
  return encodeBase64url(bytesOf(text).subarray(1, 9))
}

/** Opens what `seal` made for the same context. Throws `sealed/malformed`, or `sealed/refused` whatever else is wrong. */
export function open(text: string, context: string, key: SealKey): Uint8Array {
  const bytes = bytesOf(text)
  if (encodeBase64url(bytes.subarray(1, 9)) !== key.kid) throw refused()
  const decipher = createDecipheriv('aes-256-gcm', key[made], bytes.subarray(9, 21), { authTagLength: 16 })
  decipher.setAAD(associated(bytes.subarray(0, 9), context)).setAuthTag(bytes.subarray(-16))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(21, -16)), decipher.final()])
  } catch {
    throw refused()
  }
}

function bytesOf(text: string): Uint8Array {
  const sound = typeof text === 'string' && text.startsWith(PREFIX) && text.length <= LARGEST
  const bytes = sound ? decoded(text.slice(PREFIX.length)) : new Uint8Array()
  if (bytes.length < 37 || bytes[0] !== 1)
    throw new TokenError('sealed/malformed', 'Cannot open what was sealed: it is malformed')
  return bytes
}

function decoded(text: string): Uint8Array {
  try {
    return decodeBase64url(text)
  } catch {
    return new Uint8Array()
  }
}

function associated(head: Uint8Array, context: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(context, 'utf8')])
}

function refused(): TokenError {
  return new TokenError(
    'sealed/refused',
    'Cannot open what was sealed: it was changed, or sealed for something else',
  )
}

const PREFIX = 'jwi_'
const VERSION = Uint8Array.of(1)
const LARGEST = 65_536
