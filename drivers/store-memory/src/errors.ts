/** Why the store refused. `store/closed`: it was closed; `store/exists`: an identifier that must be new is taken. */
export type StoreErrorCode = 'store/closed' | 'store/exists' | 'store/issuer'

/** The one error of this package. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
