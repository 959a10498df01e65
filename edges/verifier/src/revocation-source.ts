import type { AccessClaims, Profile } from '@jotwarden/policy'
import type { Clock } from '@jotwarden/token'
import type { Freshen } from './auth-context.ts'
import type { IssuerMetadata } from './metadata.ts'
import type { Fetch } from './platform.ts'
import type { FeedState } from './revocation/feed-loop.ts'

/** What a verifier's option `revocation` takes: `followRevocations` of `@jotwarden/verifier/revocation` makes one. */
export interface RevocationSource {
  /** Prepares for one issuer and connects to nothing yet. Throws `verifier/options`. */
  follow(world: RevocationWorld): RevocationFollower
}

/** What a source gets from its verifier. */
export interface RevocationWorld {
  readonly issuer: string
  readonly metadata: IssuerMetadata
  readonly fetch: Fetch
  /** Seconds. */
  readonly timeout: number
  readonly clock: Clock
  readonly steadyClock: Clock
  readonly profile: Profile<'access'>
  /** Aborted when the verifier is closed. */
  readonly closing: AbortSignal
}

/** What one verifier knows of what its issuer has taken back. */
export interface RevocationFollower {
  /** Connects, the first time. */
  start(): void
  /** Whether there is nothing to wait for: the first sync has come, or its time is over. */
  readonly isSettled: boolean
  /** Settles when `isSettled` becomes true. */
  firstSync(): Promise<void>
  /**
   * Refuses a token that was taken back, and any token when that can no longer be known. `kid` is of the key that has
   * verified it. Throws `verifier/invalid-token` or `verifier/stale`.
   */
  enforce(claims: AccessClaims, kid: string | undefined, options: VerifyOptions): void
  /** Throws `verifier/stale`. */
  refuseWhenStale(): void
  /** Throws what `AuthContext.requireFresh` throws. */
  readonly freshen: Freshen
  status(): RevocationStatus
  /** Settles once everything is ended; to be called after `closing` was aborted. */
  ended(): Promise<void>
}

/** What one call may decide for itself. */
export interface VerifyOptions {
  /** `allow` accepts a token though revocations may have been missed; those that are known are enforced all the same. */
  readonly whenStale?: 'refuse' | 'allow'
}

/** How it stands with a verifier's knowledge of revocations. */
export interface RevocationStatus {
  /** Seconds; Infinity before the first sync. */
  staleness(): number
  /** The number up to which everything is known. */
  cursor(): number | null
  /** How many marks are kept. */
  marks(): number
  state(): FeedState
}
