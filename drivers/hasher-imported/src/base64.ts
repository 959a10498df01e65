import { malformed } from './errors.ts'

/** Reads base64 without padding (PHC); `dot` takes `.` for `+`, as passlib writes it. One byte form only. */
export function readBase64(text: string, alphabet: 'standard' | 'dot' = 'standard'): Uint8Array {
  const standard = alphabet === 'dot' ? text.replaceAll('.', '+') : text
  const bytes = Buffer.from(standard, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') !== standard) throw malformed('its base64 is not canonical')
  return new Uint8Array(bytes)
}

/** Refuses what is not salted, and hashes that can be met by chance. */
export function checkLengths(salt: Uint8Array, hash: Uint8Array): void {
  if (salt.length < 1 || salt.length > 128) throw malformed('its salt has the wrong length')
  if (hash.length < 16 || hash.length > 128) throw malformed('its hash has the wrong length')
}

/** The first that holds, else null. */
export function weaknessOf(salt: Uint8Array, cheap: string | false): string | null {
  if (cheap !== false) return cheap
  return salt.length < 8 ? 'salt below 8 bytes' : null
}
