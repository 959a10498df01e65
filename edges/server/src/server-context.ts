import type { Authority } from '@jotwarden/authority'
import type { ProxyTrust } from './client-address.ts'
import type { CookieJar } from './cookies.ts'
import type { Endpoints } from './endpoints.ts'
import type { FeedHub } from './feed/hub.ts'
import type { Logger } from './logger.ts'
import type { PageFrames } from './page-frames.ts'
import type { Answered } from './request-log.ts'

/** What handlers share. */
export interface ServerContext {
  readonly authority: Authority
  readonly endpoints: Endpoints
  readonly cookies: CookieJar
  readonly proxies: ProxyTrust
  readonly logger: Logger
  /** Tells of a request that was answered. Never throws. */
  tell(answered: Answered): void
  readonly pages: PageFrames
  readonly feed: FeedHub
  /** Seconds. */
  readonly jwksMaxAge: number
  readonly health: (() => Promise<void>) | undefined
}
