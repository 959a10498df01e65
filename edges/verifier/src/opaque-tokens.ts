import type { Profile } from '@jotwarden/policy'
import type { Clock } from '@jotwarden/token'
import type { AuthContext } from './auth-context.ts'
import type { IssuerMetadata } from './metadata.ts'
import type { Fetch } from './platform.ts'
import type { RevocationFollower, VerifyOptions } from './revocation-source.ts'

/** What a verifier's option `introspection` takes: `introspection` of `@jotwarden/verifier/introspection` makes one. */
export interface OpaqueTokens {
  /** Prepares for one issuer and asks nothing yet. Throws `verifier/options`. */
  connect(world: IntrospectionWorld): OpaqueTokenReader
}

/** What it gets from its verifier. */
export interface IntrospectionWorld {
  readonly issuer: string
  readonly metadata: IssuerMetadata
  readonly fetch: Fetch
  /** Seconds. */
  readonly timeout: number
  readonly clock: Clock
  readonly profile: Profile<'access'>
  readonly follower: RevocationFollower | null
}

/** Reads what an issuer's opaque tokens stand for. */
export interface OpaqueTokenReader {
  /** Whether a token is one of those that the issuer has to be asked about. */
  takes(token: string): boolean
  /**
   * Asks the issuer, or remembers what it said, and holds that against the profile.
   * Throws `verifier/invalid-token`, `verifier/freshness-unavailable` or `verifier/stale`.
   */
  accept(token: string, call: VerifyOptions): Promise<AuthContext>
}
