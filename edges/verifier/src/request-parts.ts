/** What authentication reads of a request, whatever framework it came in by. */
export interface RequestParts {
  readonly method: string
  /** Absolute, as the client addressed it. */
  readonly url: string
  /**
   * Every field line of that name, in order; names are lower case. A Fetch `Request` joins lines by ", " and so gives
   * them as one.
   */
  headers(name: string): readonly string[]
  /** The client's certificate as seen on this connection, DER; undefined where there is none. */
  readonly clientCertificate?: Uint8Array | undefined
  /** Address of the peer of this connection, which tells a trusted proxy from others. */
  readonly remoteAddress?: string | undefined
}

/** The parts of a Fetch request. */
export function requestParts(request: Request | RequestParts): RequestParts {
  if (typeof request.headers === 'function') return request as RequestParts
  const { method, url, headers } = request as Request
  return {
    method,
    url,
    headers: (name) => {
      const line = headers.get(name)
      return line === null ? [] : [line]
    },
  }
}
