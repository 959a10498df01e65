import type { DenyReason } from '@jotwarden/policy'
import type { TokenErrorCode } from '@jotwarden/token'

/** What went wrong, for programs. `challenge` maps each to a status in one table. */
export type VerifierErrorCode =
  /** The verifier, a middleware or a challenge was set up wrongly, or a call was given options that it does not know. */
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
  /** The token is good, but its sign-in is too weak or too long ago (RFC 9470); `acrValues` and `maxAge` say what was asked. */
  | 'verifier/insufficient-authentication'
  /** The DPoP proof is missing or wrong (RFC 9449 §4.3); `reason` says why. */
  | 'verifier/invalid-dpop-proof'
  /** The DPoP proof has to carry a nonce of ours (RFC 9449 §9); `nonce` is one. */
  | 'verifier/use-dpop-nonce'
  /** Whether a DPoP proof was used before cannot be told (RFC 9449 §11.1); see `retryAfter`. */
  | 'verifier/replay-unavailable'
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
  | 'not-sender-constrained'
  | 'wrong-scheme'
  | 'proof-missing'
  | 'proof-repeated'
  | 'proof-without-key'
  | 'wrong-key'
  | 'wrong-method'
  | 'wrong-uri'
  | 'wrong-token'
  | 'nonce-missing'
  | 'nonce-unknown'
  | 'replayed'
  | 'replay-store'
  | 'replay-store-full'
  | 'certificate-missing'
  | 'certificate-repeated'
  | 'certificate-malformed'
  | 'wrong-certificate'
  | 'untrusted-proxy'
  | 'revoked'
  | 'inactive'
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
  | 'not-at-hand'

interface VerifierErrorDetails extends ErrorOptions {
  readonly reason?: VerifierReason
  readonly scopes?: readonly string[]
  readonly retryAfter?: number
  readonly nonce?: string
  readonly acrValues?: readonly string[]
  readonly maxAge?: number
}

/** The one error of this package. Its message never holds a byte of a token or a key. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError'
  readonly code: VerifierErrorCode
  readonly reason: VerifierReason | undefined
  /** The scopes that were asked for, with `verifier/insufficient-scope`. */
  readonly scopes: readonly string[]
  /** Seconds after which asking again makes sense, with `verifier/keys-unavailable` and `verifier/replay-unavailable`. */
  readonly retryAfter: number | undefined
  /** The nonce that the next DPoP proof has to carry, with `verifier/use-dpop-nonce`. */
  readonly nonce: string | undefined
  /** The authentication contexts of which one was asked for, with `verifier/insufficient-authentication`. */
  readonly acrValues: readonly string[]
  /** Seconds since the sign-in, at most, with `verifier/insufficient-authentication`. */
  readonly maxAge: number | undefined

  constructor(code: VerifierErrorCode, message: string, details: VerifierErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.reason = details.reason
    this.scopes = details.scopes ?? []
    this.retryAfter = details.retryAfter
    this.nonce = details.nonce
    this.acrValues = details.acrValues ?? []
    this.maxAge = details.maxAge
  }
}
