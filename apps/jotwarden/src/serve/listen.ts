import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { type Address, formatAddress } from '../config/address.ts'
import { Refusal } from '../refusal.ts'
import type { TlsPair } from './tls-pair.ts'

/** Answers a request; `address` is the direct peer's, `encrypted` says whether its connection is TLS. */
export type Handler = (
  request: Request,
  connection: { readonly address?: string; readonly encrypted: boolean },
) => Response | Promise<Response>

/** A socket that accepts connections. */
export interface Listener {
  readonly address: Address
  /** `http://` or `https://` with the address. */
  readonly url: string
  /** Says who answers; until then every answer is 503. */
  answerWith(handler: Handler): void
  /** Shows another certificate to connections from now on; those that are open stay. Only where TLS is ended. */
  showCertificate(pair: TlsPair): void
  /** Stops accepting, lets requests under way finish for `seconds`, then ends what is left. */
  close(seconds: number): Promise<void>
}

/** What a socket is opened with. */
export interface ListenOptions {
  readonly tls?: TlsPair | undefined
  /** What to change when the port is taken. */
  readonly portRemedy: string
}

/** Opens a socket. Throws `Refusal` when the port is taken or may not be used. */
export async function listen(address: Address, options: ListenOptions): Promise<Listener> {
  let handler: Handler = () => new Response(null, { status: 503, headers: { 'retry-after': '1' } })
  const listener = getRequestListener((request, { incoming }) => {
    const address = incoming.socket.remoteAddress
    const encrypted = incoming.socket instanceof TLSSocket
    return handler(request, address === undefined ? { encrypted } : { address, encrypted })
  })
  const server = createServer(options.tls)
  server.on('request', (incoming, outgoing) => void listener(incoming, outgoing))
  const bound = await bind(server, address, options.portRemedy)
  return {
    address: bound,
    url: `${options.tls === undefined ? 'http' : 'https'}://${formatAddress(bound)}`,
    answerWith: (next) => {
      handler = next
    },
    showCertificate: (pair) => {
      if ('setSecureContext' in server) server.setSecureContext({ ...pair, ...PROTOCOL })
    },
    close: (seconds) => close(server, seconds),
  }
}

function createServer(tls: TlsPair | undefined): HttpServer | HttpsServer {
  if (tls === undefined) return createHttpServer(TIMEOUTS)
  return createHttpsServer({ ...tls, ...TIMEOUTS, ...PROTOCOL })
}

async function bind(server: HttpServer, address: Address, portRemedy: string): Promise<Address> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ host: address.host, port: address.port }, resolve)
  try {
    await promise
  } catch (cause) {
    throw bindRefusal(cause, address, portRemedy)
  }
  server.off('error', reject)
  const bound = server.address()
  return { host: address.host, port: isAddressInfo(bound) ? bound.port : address.port }
}

function bindRefusal(cause: unknown, address: Address, portRemedy: string): Refusal {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const state = BIND_STATES.get(code) ?? `the system says ${code}`
  return new Refusal('refused', `Cannot listen on ${formatAddress(address)}: ${state}`, {
    cause,
    remedy: portRemedy,
  })
}

async function close(server: HttpServer, seconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  // Again and again: a connection whose last request finishes while closing is idle only then.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const deadline = setTimeout(() => server.closeAllConnections(), seconds * 1000)
  await promise
  clearInterval(idle)
  clearTimeout(deadline)
}

function isAddressInfo(bound: AddressInfo | string | null): bound is AddressInfo {
  return typeof bound === 'object' && bound !== null
}

// Longer than the idle time of usual proxies (60 s), so that a proxy never writes to a connection that just closed.
const TIMEOUTS = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 }
const PROTOCOL = { minVersion: 'TLSv1.2' } as const
const BIND_STATES: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'another process has the port'],
  ['EACCES', 'this user may not open the port'],
  ['EADDRNOTAVAIL', 'this machine does not have the address'],
  ['ENOTFOUND', 'the host name is unknown'],
])
