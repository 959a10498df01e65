import type { Secret } from '@jotwarden/token'

/**
 * The `Authorization` header of a client that uses HTTP Basic. Both halves are form-urlencoded first, so that a colon
 * or a letter beyond ASCII survives (RFC 6749 §2.3.1).
 */
export function basicAuthorization(clientId: string, clientSecret: Secret): string {
  return `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret.revealText())}`)}`
}

function formEncoded(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice('x='.length)
}
