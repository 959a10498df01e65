import type { Secret } from '@jotwarden/token'

/**
 * The password's bytes as given, in a buffer of its own that the caller may hand over or wipe. `undefined` when it
 * could not be made anew afterwards: longer than 1024 bytes, or not UTF-8.
 */
export function passwordBytes(password: Secret): Uint8Array<ArrayBuffer> | undefined {
  const given = password.reveal()
  try {
    if (given.length > longestPassword || !isUtf8(given)) return undefined
    return Uint8Array.from(given)
  } finally {
    given.fill(0)
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes)
    return true
  } catch {
    return false
  }
}

const longestPassword = 1024
const utf8 = new TextDecoder('utf-8', { fatal: true })
