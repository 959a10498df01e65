/** Why the edge itself refused, before or beside the authority. `error-answers.ts` maps each to a status. */
export type ServerErrorCode =
  /** The server was set up wrongly. Thrown at construction only. */
  | 'server/options'
  | 'server/insecure-transport'
  /** The keys were read too long ago, and cannot be read again. */
  | 'server/keys-unread'
  | 'server/query-too-long'
  | 'server/body-too-large'
  | 'server/body-unreadable'
  | 'server/content-type'
  | 'server/cross-site'
  | 'server/not-found'
  | 'server/method'

/** The one error of this package. Its message never holds anything that the caller sent. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
