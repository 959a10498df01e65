import type { Keyring } from '@jotwarden/keyring'
import { TokenError, type VerifiedToken, verify } from '@jotwarden/token'

/** A token by one of our own keys; undefined for whatever else somebody hands in. */
export function ownToken(text: string, keyring: Keyring): VerifiedToken | undefined {
  try {
    return verify(text, keyring.keySource())
  } catch (cause) {
    if (cause instanceof TokenError) return undefined
    throw cause
  }
}
