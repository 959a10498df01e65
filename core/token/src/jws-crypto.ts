import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto'
import { TokenError } from './errors.ts'
import { keyParts, type SignKey, type VerifyKey } from './keys.ts'

/** Signs bytes with the key's algorithm; ECDSA as R‖S (RFC 7518 §3.4). */
export function signBytes(data: Uint8Array, key: SignKey): Uint8Array {
  const { entry, object } = keyParts(key)
  if (entry.symmetric)
    return createHmac(entry.digest ?? '', object)
      .update(data)
      .digest()
  return sign(entry.digest, data, { key: object, dsaEncoding: 'ieee-p1363' })
}

/** Whether the signature is the key's over the bytes. Its length is checked before any arithmetic. */
export function verifyBytes(data: Uint8Array, signature: Uint8Array, key: VerifyKey): boolean {
  const { entry, object, signatureLength } = keyParts(key)
  if (signature.length !== signatureLength) return false
  try {
    if (entry.symmetric)
      return timingSafeEqual(
        createHmac(entry.digest ?? '', object)
          .update(data)
          .digest(),
        signature,
      )
    return verify(entry.digest, data, { key: object, dsaEncoding: 'ieee-p1363' }, signature)
  } catch (cause) {
    throw new TokenError('token/signature', 'Cannot accept the token: its signature could not be checked', {
      cause,
    })
  }
}
