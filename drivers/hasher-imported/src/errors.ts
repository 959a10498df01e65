/** Why an imported hash or a check of it was refused; stable, for programs. */
export type ImportedHashErrorCode =
  | 'hasher/busy'
  | 'hasher/closed'
  | 'hasher/crashed'
  | 'hasher/derivation'
  | 'hasher/malformed-hash'
  | 'hasher/unsupported-hash'
  | 'hasher/excessive-cost'
  | 'hasher/queue-limit'

/** The one error of this package: `code` for programs, `message` for people, never a password or hash in either. */
export class ImportedHashError extends Error {
  readonly code: ImportedHashErrorCode

  constructor(code: ImportedHashErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImportedHashError'
    this.code = code
  }
}

export function malformed(state: string): ImportedHashError {
  return new ImportedHashError('hasher/malformed-hash', `Cannot read the password hash: ${state}`)
}

export function excessive(state: string): ImportedHashError {
  return new ImportedHashError('hasher/excessive-cost', `Cannot take the password hash: ${state}`)
}
