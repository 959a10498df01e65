import type { Authority } from '@jotwarden/authority'
import type { Clock } from '@jotwarden/token'
import type { Logger } from './logger.ts'
import type { Language, OwnTexts } from './pages/texts/languages.ts'
import type { ThemeOptions } from './theme/theme.ts'

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
  readonly requestLog?: RequestLogOptions
  /** Is told of every answer once it is made, for those who count. Must be quick; what it throws is dropped. */
  readonly observe?: (answered: AnsweredRequest) => void
  /** Whether everything the server needs can answer, for `/readyz`; rejects when not. `stores.ping` fits. */
  readonly health?: () => Promise<void>
  /**
   * Moves whenever the stores may have changed; asked every 20 ms while somebody reads the revocation feed, which looks
   * into its log that often unless this is given. `stores.dataVersion` fits.
   */
  readonly changes?: () => number
  readonly feed?: FeedLimits
  /**
   * Seconds for which others may keep the key set; 300 unless given. Where a schedule replaces keys, its plan must say the
   * same (`KeyPlan.jwksMaxAge`), or verifiers may meet a key that they do not know yet.
   */
  readonly jwksMaxAge?: number
  readonly pages?: PageOptions
  readonly clock?: Clock
}

/** What the log says of requests. */
export interface RequestLogOptions {
  /** Whether each request has a line; true unless given. What was slow or failed has one in any case. */
  readonly every?: boolean
  /** Seconds from which an answer is slow; 1 unless given. */
  readonly slow?: number
  /** What is said of the caller: its `network` (the /24 or /48) unless given, the `full` address, or `none` of it. */
  readonly addresses?: 'network' | 'full' | 'none'
}

/** A request that was answered. Of all its members the values are few, whatever strangers send. */
export interface AnsweredRequest {
  /** The path of the endpoint as it was laid out; `(none)` for a path that is none. */
  readonly route: string
  /** `other` for one that no endpoint knows. */
  readonly method: string
  readonly status: number
  /** Until the answer was made; a stream goes on. */
  readonly seconds: number
  /** The code of the error, when it was refused. */
  readonly refusal: string | undefined
}

/** How the pages speak and look. */
export interface PageOptions {
  /** For whom neither the app nor the browser asks for a language that there is; English unless given. */
  readonly language?: Language
  /** Words of your own in place of ours, by language and page. */
  readonly texts?: OwnTexts
  readonly theme?: ThemeOptions
}

/** What the revocation feed may take. */
export interface FeedLimits {
  /** Answers that are open at once; 1000 unless given. One client has 100 at most. */
  readonly streams?: number
  /** Seconds between two heads of a stream; 1 unless given. */
  readonly heartbeat?: number
}

/** What of a server can change while it answers. */
export interface ServerChange {
  /** What `authority.withSettings()` of the present one answers. */
  readonly authority: Authority
  readonly trustedProxies?: readonly string[]
  readonly jwksMaxAge?: number
  readonly requestLog?: RequestLogOptions
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
  /** How the revocation feed stands. */
  feed(): FeedState
  /**
   * Makes ready to answer under other settings; throws what `createServer` throws, and nothing has changed. Calling what it
   * answers puts them in force at once, which cannot fail: a request that begins after it sees them wholly, one under way
   * not at all. Streams of the revocation feed go on.
   */
  prepare(change: ServerChange): () => void
  /** Ends the streams of the revocation feed, which would hold up a shutdown, and opens no more. */
  close(): void
}

/** How many read the revocation feed of this process, and the greatest number up to which one was told; 0 while nobody was. */
export interface FeedState {
  readonly readers: number
  readonly head: number
}
