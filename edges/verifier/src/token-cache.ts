import type { Profile } from '@jotwarden/policy'
import type { Clock, KeySource } from '@jotwarden/token'
import type { AuthContext } from './auth-context.ts'
import type { KeyProvider } from './key-cache.ts'
import type { RevocationFollower, VerifyOptions } from './revocation-source.ts'
import type { EventLog } from './verifier-event.ts'

/** What a verifier's option `cache` takes: `tokenCache` of `@jotwarden/verifier/cache` makes one. */
export interface TokenCacheSource {
  /** A cache of its own for each verifier: what one has accepted says nothing to another. */
  create(world: CacheWorld): TokenCache
}

/** What a cache gets from its verifier, to check again what can change. */
export interface CacheWorld {
  readonly clock: Clock
  readonly profile: Profile<'access'>
  readonly keys: KeyProvider
  readonly follower: RevocationFollower | null
  readonly events: EventLog
}

/** Tokens that one verifier has accepted, by the whole token string. */
export interface TokenCache {
  /**
   * The context of a token that passed before, if nothing that can change has changed: the times, the keys, what was
   * taken back. Throws `verifier/invalid-token` or `verifier/stale`.
   */
  find(token: string, call: VerifyOptions): AuthContext | undefined
  keep(token: string, context: AuthContext, kid: string | undefined, keys: KeySource): void
}
