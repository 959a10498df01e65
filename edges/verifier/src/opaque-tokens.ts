import type { Clock, JsonObject } from '@jotwarden/token'
import type { IssuerMetadata } from './metadata.ts'
import type { Fetch } from './platform.ts'

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
}

/** Reads what an issuer's opaque tokens stand for. */
export interface OpaqueTokenReader {
  /**
   * What the issuer says of a token, with `iss` and `jti` filled in where it does not say them: the issuer that was
   * asked, and the token's hash. `fresh` asks again whatever is remembered.
   * Throws `verifier/invalid-token` or `verifier/freshness-unavailable`.
   */
  read(token: string, fresh?: boolean): Promise<JsonObject>
}
