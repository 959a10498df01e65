/** Why the hasher refused; stable, for programs. */
export type HasherErrorCode =
  | 'hasher/busy'
  | 'hasher/closed'
  | 'hasher/crashed'
  | 'hasher/derivation'
  | 'hasher/malformed-hash'
  | 'hasher/excessive-cost'
  | 'hasher/weak-cost'
  | 'hasher/password'
  | 'hasher/queue-limit'

/** The one error of this package: `code` for programs, `message` for people, never a password or hash in either. */
export class HasherError extends Error {
  readonly code: HasherErrorCode

  constructor(code: HasherErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HasherError'
    this.code = code
  }
}
