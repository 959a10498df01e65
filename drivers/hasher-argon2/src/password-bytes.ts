import type { Secret } from '@jotwarden/token'

/**
 * The password as the bytes to hash: NFKC (SP 800-63B §3.1.1.2), UTF-8, in a buffer of its own that the caller
 * may hand over or wipe. `undefined` when no password can be that: longer than 1024 bytes, or not UTF-8.
 */
export function passwordBytes(password: Secret): Uint8Array<ArrayBuffer> | undefined {
  const given = password.reveal()
  if (given.length > longestPassword) return undefined
  try {
    return new TextEncoder().encode(utf8.decode(given).normalize('NFKC'))
  } catch {
    return undefined
  } finally {
    given.fill(0)
  }
}

/** Bounds the work before the queue; far above any passphrase. */
const longestPassword = 1024
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
