import { nameRequest } from './platform.ts'

/**
 * The name of a request. A trusted proxy may have named it already; everybody else's name is not taken, or strangers could
 * write into the log.
 */
export function requestId(headers: Headers, isTrusted: boolean): string {
  const given = isTrusted ? headers.get('x-request-id') : null
  return given !== null && WELL_FORMED.test(given) ? given : nameRequest()
}

/** What proxies make: hexadecimal digits, UUIDs, ULIDs. Too short for a secret of 256 bits, and without the dots of a token. */
const WELL_FORMED = /^[A-Za-z0-9-]{16,40}$/
