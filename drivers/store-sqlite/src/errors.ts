/**
 * Why the store refused.
 * - `store/closed`: it was closed.
 * - `store/busy`: another process held the file for too long; nothing was changed, trying again is safe.
 * - `store/exists`: an identifier that must be new is taken.
 * - `store/issuer`: a row names another issuer than the call.
 * - `store/newer-schema`: a newer version of this software has written the file.
 * - `store/not-ours`: the file holds something else.
 * - `store/file-mode`: others than the owner can read or write the file.
 * - `store/in-use`: another process uses the file.
 * - `store/copy-place`: a copy may not lie there.
 * - `store/damaged`: the file is not whole.
 * - `store/failed`: the disk or the database refused; `cause` says how. The act was not done.
 */
export type StoreErrorCode =
  | 'store/closed'
  | 'store/busy'
  | 'store/exists'
  | 'store/issuer'
  | 'store/newer-schema'
  | 'store/not-ours'
  | 'store/file-mode'
  | 'store/in-use'
  | 'store/copy-place'
  | 'store/damaged'
  | 'store/failed'

/** The one error of this package. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
