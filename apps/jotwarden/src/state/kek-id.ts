import type { KeyRecord } from '@jotwarden/keyring'
import { wrappingKekId } from '@jotwarden/keystore-file'

/** The id of the key-encryption key that a private part is wrapped under; `null` when there is none, or none to be read. */
export function kekIdOf({ wrapped }: KeyRecord): string | null {
  try {
    return wrapped === null ? null : wrappingKekId(wrapped)
  } catch {
    return null
  }
}
