import type { IncomingMessage } from 'node:http'
import { VerifierError } from '../errors.ts'
import type { RequestParts } from '../request-parts.ts'
import { unusable } from './demands.ts'

/** How the URL of a request of `node:http` is found. */
export interface OriginOption {
  /**
   * Scheme and host by which clients address this API, as in `https://api.example`. When left out, they are taken from
   * the connection and the Host header, which is right only where no proxy stands in front. DPoP proofs are compared
   * with it (RFC 9449 §4.3).
   */
  readonly origin?: string
}

/**
 * The parts of a request of `node:http`, and of the frameworks that stand on it. Field lines are those that were sent:
 * `request.headers` drops or joins what is repeated. Reading `url` throws `verifier/invalid-request` when it cannot be told.
 */
export function nodeRequestParts(request: IncomingMessage, { origin }: OriginOption = {}): RequestParts {
  const { socket, rawHeaders } = request
  const headers = (name: string): readonly string[] =>
    rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
  return {
    method: request.method ?? 'GET',
    get url(): string {
      return `${origin ?? originOf(request, headers('host'))}${targetOf(request)}`
    },
    headers,
    get clientCertificate(): Uint8Array | undefined {
      const certificate = 'getPeerX509Certificate' in socket ? peerCertificate(socket) : undefined
      return certificate?.raw
    },
    remoteAddress: socket.remoteAddress,
  }
}

/** The origin, if it is one. Throws `verifier/options`. */
export function checkOrigin(origin: string | undefined): OriginOption {
  if (origin === undefined) return {}
  if (/^https?:$/.test(URL.parse(origin)?.protocol ?? '') && URL.parse(origin)?.origin === origin)
    return { origin }
  throw unusable('origin', 'is no origin, such as https://api.example')
}

function originOf(request: IncomingMessage, hosts: readonly string[]): string {
  const [host, ...others] = 'authority' in request ? [String(request.authority)] : hosts
  if (host === undefined || others.length > 0 || !hostAndPort.test(host))
    throw new VerifierError(
      'verifier/invalid-request',
      'Cannot authenticate the request: its Host header does not name one host',
    )
  return `${'encrypted' in request.socket && request.socket.encrypted ? 'https' : 'http'}://${host}`
}

/** Path and query. Express shortens `url` where a router is mounted, and keeps the whole as `originalUrl`. */
function targetOf(request: IncomingMessage): string {
  const target = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '/')
  if (target.startsWith('/')) return target
  // RFC 9112 §3.2.2: absolute-form; §3.2.4: the asterisk
  const absolute = URL.parse(target)
  return absolute === null ? '/' : `${absolute.pathname}${absolute.search}`
}

function peerCertificate(socket: object): { readonly raw: Uint8Array } | undefined {
  return (
    socket as { getPeerX509Certificate(): { readonly raw: Uint8Array } | undefined }
  ).getPeerX509Certificate()
}

const hostAndPort = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/
