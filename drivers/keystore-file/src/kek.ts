import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { decodeBase64url, encodeBase64url, type Secret } from '@jotwarden/token'
import { KeyStoreError } from './errors.ts'

/** The key under which private keys are wrapped (AES-256-GCM, SP 800-38D). It never gives itself out. */
export class KeyEncryptionKey {
  /** 8 bytes in base64url that name the key and tell nothing about it. */
  readonly id: string
  readonly #key: KeyObject

  /** Takes exactly 32 bytes. Throws `keystore/kek-malformed`. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== kekLength) throw malformed(`it has ${bytes.length} bytes, not ${kekLength}`)
    this.id = encodeBase64url(createHash('sha256').update(idLabel).update(bytes).digest().subarray(0, 8))
    this.#key = createSecretKey(bytes)
  }

  /** Ciphertext and tag. A nonce of 12 bytes must never come twice. */
  encrypt(plaintext: Uint8Array, context: Uint8Array, nonce: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: tagLength })
    cipher.setAAD(context)
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  }

  /** The plaintext, or `undefined` when a byte of anything was changed. */
  decrypt(sealed: Uint8Array, context: Uint8Array, nonce: Uint8Array): Uint8Array | undefined {
    if (sealed.length < tagLength) return undefined
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: tagLength })
    decipher.setAAD(context)
    decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
    const plaintext = decipher.update(sealed.subarray(0, sealed.length - tagLength))
    try {
      decipher.final()
      return plaintext
    } catch {
      plaintext.fill(0)
      return undefined
    }
  }
}

/** Reads a key-encryption key from text: 32 bytes in base64url. Throws `keystore/kek-malformed`. */
export function kekFromText(text: Secret): KeyEncryptionKey {
  const bytes = kekBytes(text.revealText().trim())
  try {
    return new KeyEncryptionKey(bytes)
  } finally {
    bytes.fill(0)
  }
}

function kekBytes(text: string): Uint8Array {
  try {
    return decodeBase64url(text)
  } catch {
    // The cause could quote the text; it is left behind.
    throw malformed('it is not base64url')
  }
}

function malformed(state: string): KeyStoreError {
  return new KeyStoreError('keystore/kek-malformed', `Cannot read the key-encryption key: ${state}`)
}

const kekLength = 32
const tagLength = 16
const idLabel = 'jotwarden/kek-id\0'
