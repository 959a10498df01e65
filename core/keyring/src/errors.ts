/** Why the keyring refused; stable, for programs. */
export type KeyringErrorCode =
  | 'keyring/not-open'
  | 'keyring/no-active-key'
  | 'keyring/conflict'
  | 'keyring/lease'
  | 'keyring/expired'
  | 'keyring/volume'
  | 'keyring/no-schedule'
  | 'keyring/unknown-key'
  | 'keyring/transition'
  | 'keyring/record'
  | 'keyring/unreadable'
  | 'keyring/algorithm'

/** The one error of this package: `code` for programs, `message` for people, never a key in either. */
export class KeyringError extends Error {
  readonly code: KeyringErrorCode

  constructor(code: KeyringErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KeyringError'
    this.code = code
  }
}
