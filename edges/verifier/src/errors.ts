import type { DenyReason } from '@jotwarden/policy'
import type { TokenErrorCode } from '@jotwarden/token'

/** What went wrong, for programs. `challenge` maps each to a status in one table. */
export type VerifierErrorCode =
  /** The verifier or a middleware was set up wrongly. Thrown at construction only. */
  | 'verifier/options'
  /** Nothing was sent: no Authorization header. */
  | 'verifier/no-credentials'
  /** Something was sent, under a scheme that this verifier does not take. */
  | 'verifier/unsupported-scheme'
  /** The request carries its token in a way that RFC 6750 §2 does not allow. */
  | 'verifier/invalid-request'
  /** The token is not accepted; `reason` says why. */
  | 'verifier/invalid-token'
  /** The token is good but grants too little; `scopes` says what was asked. */
  | 'verifier/insufficient-scope'
  /** The issuer's keys cannot be had, so nothing can be said of the token; see `retryAfter`. */
  | 'verifier/keys-unavailable'
  /** What is known of revocations is older than allowed, so nothing can be said of the token. */
  | 'verifier/stale'
  /** The issuer could not be asked whether the token is still good. */
  | 'verifier/freshness-unavailable'
  /** The verifier was closed. */
  | 'verifier/closed'

/** Why, one level finer than the code. For logs and metrics: a client is never told. */
export type VerifierReason =
  | DenyReason
  | TokenErrorCode
  | 'sender-constrained'
  | 'revoked'
  | 'introspection-differs'
  | 'stale'
  | 'never-synced'
  | 'credential-refused'
  | 'token-in-query'
  | 'malformed-authorization'
  | 'metadata-issuer'
  | 'metadata-jwks-uri'
  | 'metadata-endpoint'
  | 'document-status'
  | 'document-too-large'
  | 'document-malformed'
  | 'network'
  | 'timeout'
  | 'backing-off'

interface VerifierErrorDetails extends ErrorOptions {
  readonly reason?: VerifierReason
  readonly scopes?: readonly string[]
  readonly retryAfter?: number
}

/** The one error of this package. Its message never holds a byte of a token or a key. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError'
  readonly code: VerifierErrorCode
  readonly reason: VerifierReason | undefined
  /** The scopes that were asked for, with `verifier/insufficient-scope`. */
  readonly scopes: readonly string[]
  /** Seconds after which asking again makes sense, with `verifier/keys-unavailable`. */
  readonly retryAfter: number | undefined

  constructor(code: VerifierErrorCode, message: string, details: VerifierErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.reason = details.reason
    this.scopes = details.scopes ?? []
    this.retryAfter = details.retryAfter
  }
}
