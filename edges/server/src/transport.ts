import type { ProxyTrust } from './client-address.ts'
import type { Endpoints } from './endpoints.ts'
import { ServerError } from './errors.ts'

/**
 * Checks that a request to an https issuer came over TLS: its own URL says so, or a trusted proxy stands between, which
 * must not say otherwise. An http issuer is on a loopback host and asks nothing.
 *
 * Throws `server/insecure-transport`.
 */
export function checkTransport(
  request: Request,
  direct: string | undefined,
  endpoints: Endpoints,
  proxies: ProxyTrust,
): void {
  if (!endpoints.isHttps) return
  if (proxies.trusts(direct)) {
    const forwarded = request.headers.get('x-forwarded-proto')
    if (forwarded === null || forwarded.split(',').every((proto) => proto.trim().toLowerCase() === 'https')) {
      return
    }
  } else if (request.url.startsWith('https:')) return
  throw new ServerError(
    'server/insecure-transport',
    'Cannot answer the request: the issuer is https and the request came over plain http',
  )
}
