/** Where the server reports to. An event never holds a query, a body, a header, a token or a password. */
export interface Logger {
  info(event: object, message: string): void
  warn(event: object, message: string): void
  error(event: object, message: string): void
}

/** Reports to nobody. */
export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} }
