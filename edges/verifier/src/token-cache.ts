import type { KeySource } from '@jotwarden/token'
import type { AuthContext } from './auth-context.ts'

/** What a verifier's option `cache` takes: `tokenCache` of `@jotwarden/verifier/cache` makes one. */
export interface TokenCacheSource {
  /** A cache of its own for each verifier: what one has accepted says nothing to another. */
  create(): TokenCache
}

/** Tokens that one verifier has accepted, by the whole token string. */
export interface TokenCache {
  find(token: string): CachedToken | undefined
  keep(token: string, entry: CachedToken): void
}

/** What is remembered of a token, and what a hit has to check again. */
export interface CachedToken {
  readonly context: AuthContext
  /** The key that has verified it. */
  readonly kid: string | undefined
  /** The generation of keys: a hit counts only while this is still what the verifier holds. */
  readonly keys: KeySource
  /** Seconds since the epoch, from and until which the times in the token let it pass. */
  readonly from: number
  readonly until: number
}
