/** Why the key store refused; stable, for programs. */
export type KeyStoreErrorCode =
  | 'keystore/kek-missing'
  | 'keystore/kek-mode'
  | 'keystore/kek-owner'
  | 'keystore/kek-link'
  | 'keystore/kek-malformed'
  | 'keystore/kek-file'
  | 'keystore/kek-busy'
  | 'keystore/wrong-kek'
  | 'keystore/unwrap'
  | 'keystore/destroyed'
  | 'keystore/mismatch'
  | 'keystore/algorithm'

/** The one error of this package: `code` for programs, `message` for people, never a key in either. */
export class KeyStoreError extends Error {
  readonly code: KeyStoreErrorCode

  constructor(code: KeyStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KeyStoreError'
    this.code = code
  }
}
