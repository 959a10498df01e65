/** One request under way. */
export interface Exchange {
  readonly request: Request
  /** The query, without its question mark; never longer than the cap. */
  readonly query: string
  /** The client's address, as far as it can be believed. */
  readonly network: string | undefined
  /** The request's name in the log. */
  readonly id: string
}

/** Bytes; what Node, proxies and browsers carry without trouble, and room for every parameter of RFC 6749 and OpenID. */
export const LONGEST_QUERY = 8192
