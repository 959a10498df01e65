/** Every way this package refuses something; programs branch on these, people read the message. */
export type TokenErrorCode =
  | 'token/malformed'
  | 'token/encrypted'
  | 'token/too-large'
  | 'token/limits'
  | 'token/base64url'
  | 'token/json'
  | 'token/duplicate-member'
  | 'token/header'
  | 'token/crit'
  | 'token/alg'
  | 'token/unknown-key'
  | 'token/signature'
  | 'token/claims'
  | 'token/platform'
  | 'key/malformed'
  | 'key/unsupported'
  | 'key/weak'
  | 'key/mismatch'
  | 'key/private-in-public-set'
  | 'refresh/malformed'
  | 'sealed/malformed'
  | 'sealed/refused'
  | 'jwe/not-encrypted'
  | 'jwe/enc'
  | 'jwe/parameter'
  | 'jwe/zip'
  | 'jwe/refused'
  | 'jwe/unauthenticated'
  | 'jwe/nested'
  | 'jwe/claims-differ'
  | 'headless/malformed'
  | 'headless/header'

/** The one error class of this package; its message never holds token bytes, keys or secrets. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode

  constructor(code: TokenErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
