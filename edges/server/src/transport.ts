import type { ProxyTrust } from './client-address.ts'
import type { Endpoints } from './endpoints.ts'
import { ServerError } from './errors.ts'
import type { ConnectionInfo } from './server-options.ts'

/**
 * Checks that a request to an https issuer came over TLS: the host says so of the connection, or a trusted proxy that
 * stands between says so of the one before it. The request's own URL is no witness: over plain http a peer may write
 * `POST https://host/token` (RFC 9112 §3.2.2). An http issuer is on a loopback host and asks nothing.
 *
 * Throws `server/insecure-transport`, also when the host does not say.
 */
export function checkTransport(
  headers: Headers,
  { address, encrypted }: ConnectionInfo,
  endpoints: Endpoints,
  proxies: ProxyTrust,
): void {
  if (!endpoints.isHttps) return
  const forwarded = proxies.trusts(address) ? headers.get('x-forwarded-proto') : null
  if (forwarded === null ? encrypted === true : isHttps(forwarded)) return
  throw new ServerError(
    'server/insecure-transport',
    'Cannot answer the request: the issuer is https and the connection is not known to be TLS; a trusted proxy has to say so in X-Forwarded-Proto',
  )
}

/** Each proxy on the way may have added its own. */
function isHttps(forwarded: string): boolean {
  return forwarded.split(',').every((proto) => proto.trim().toLowerCase() === 'https')
}
