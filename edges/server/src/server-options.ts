import type { Authority } from '@jotwarden/authority'
import type { Clock } from '@jotwarden/token'
import type { Logger } from './logger.ts'

/** What a server is made of. */
export interface ServerOptions {
  readonly authority: Authority
  /** Allows an issuer that is plain http, which is only ever one on a loopback host; refused unless true. */
  readonly loopback?: boolean
  /**
   * Addresses and CIDR ranges of the proxies in front. Only what these send in `X-Forwarded-For` and
   * `X-Forwarded-Proto` is believed; nobody unless given. The issuer is never taken from a request.
   */
  readonly trustedProxies?: readonly string[]
  /** Silent unless given. */
  readonly logger?: Logger
  /** Whether everything the server needs can answer, for `/readyz`; rejects when not. `stores.ping` fits. */
  readonly health?: () => Promise<void>
  readonly clock?: Clock
}

/** What the host knows of a connection. */
export interface ConnectionInfo {
  /** The address of the direct peer. */
  readonly address?: string
  /**
   * Whether the connection itself is TLS, as the socket has it; never taken from the request, whose line the peer
   * writes. Unknown counts as plain, so that an https issuer answers nobody but a trusted proxy.
   */
  readonly encrypted?: boolean
}

/** Every endpoint of one authority. */
export interface Server {
  /** Answers a request. Never rejects: what goes wrong is an answer with a status. */
  fetch(request: Request, info?: ConnectionInfo): Promise<Response>
}
