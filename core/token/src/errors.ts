/** Why this package refused. */
export type TokenErrorCode =
  | 'token/too-large'
  | 'token/malformed'
  | 'token/base64url'
  | 'token/json'
  | 'token/duplicate-member'
  | 'token/header'
  | 'token/crit'
  | 'token/alg'
  | 'token/unknown-key'
  | 'token/signature'
  | 'token/claims'
  | 'key/malformed'
  | 'key/unsupported'
  | 'key/weak'
  | 'key/mismatch'
  | 'key/private-in-public'
  | 'key/set'
  | 'refresh/malformed'
  | 'sealed/malformed'
  | 'sealed/refused'

/** The one error of this package. Its message never holds a byte of a token, key or secret. */
export class TokenError extends Error {
  readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TokenError'
    this.code = code
  }
}
