import { decodeBase64url, encodeBase64url } from '@jotwarden/token'
import { KeyStoreError } from './errors.ts'
import type { KeyEncryptionKey } from './kek.ts'

/** What a wrapped key is bound to: beside any other of these it does not open. */
export interface WrapContext {
  readonly issuer: string
  readonly purpose: string
  readonly alg: string
  readonly kid: string
}

/** Wraps a private part: `jwk1.` and base64url of key-encryption key id (8) | nonce (12) | ciphertext | tag (16). */
export function wrapKey(
  plaintext: Uint8Array,
  context: WrapContext,
  kek: KeyEncryptionKey,
  nonce: Uint8Array,
): string {
  const sealed = kek.encrypt(plaintext, boundBytes(context, kek), nonce)
  return `${prefix}${encodeBase64url(Buffer.concat([decodeBase64url(kek.id), nonce, sealed]))}`
}

/**
 * Opens a wrapped key with the one of the keys that wrapped it. Throws `keystore/wrong-kek` when none of them did,
 * `keystore/unwrap` when it was changed, cut or moved to another record.
 */
export function unwrapKey(
  wrapped: string,
  context: WrapContext,
  keks: readonly KeyEncryptionKey[],
): Uint8Array {
  const bytes = wrappedBytes(wrapped)
  const kek = keks.find(({ id }) => id === wrappingKekId(wrapped))
  if (kek === undefined) throw wrongKek(wrappingKekId(wrapped), keks)
  const nonce = bytes.subarray(idLength, idLength + nonceLength)
  const plaintext = kek.decrypt(bytes.subarray(idLength + nonceLength), boundBytes(context, kek), nonce)
  if (plaintext === undefined) throw refused('it was changed, or belongs to another record')
  return plaintext
}

/** The id of the key-encryption key that the text claims. Throws `keystore/unwrap`. */
export function wrappingKekId(wrapped: string): string {
  return encodeBase64url(wrappedBytes(wrapped).subarray(0, idLength))
}

function wrappedBytes(wrapped: string): Uint8Array {
  if (!wrapped.startsWith(prefix)) throw refused('it does not begin with jwk1.')
  const bytes = decoded(wrapped.slice(prefix.length))
  if (bytes.length < idLength + nonceLength + tagLength) throw refused('it is cut short')
  return bytes
}

function decoded(text: string): Uint8Array {
  try {
    return decodeBase64url(text)
  } catch {
    throw refused('it is not base64url')
  }
}

/** A JSON list of strings has one reading, so no two contexts give the same bytes. */
function boundBytes({ issuer, purpose, alg, kid }: WrapContext, kek: KeyEncryptionKey): Uint8Array {
  return Buffer.from(JSON.stringify(['jotwarden/wrapped-key/1', kek.id, issuer, purpose, alg, kid]))
}

function wrongKek(wanted: string, keks: readonly KeyEncryptionKey[]): KeyStoreError {
  const held = keks.map(({ id }) => id).join(', ')
  return new KeyStoreError(
    'keystore/wrong-kek',
    `Cannot open the wrapped key: it needs the key-encryption key ${wanted}, and the one at hand is ${held}; restore the file that belongs to this store`,
  )
}

function refused(state: string): KeyStoreError {
  return new KeyStoreError('keystore/unwrap', `Cannot open the wrapped key: ${state}`)
}

const prefix = 'jwk1.'
const idLength = 8
const nonceLength = 12
const tagLength = 16
