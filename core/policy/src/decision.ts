import type { VerifiedClaims } from '@jotwarden/token'

/** The answer of `decide` and of `demand`; only its allowing branch holds the claims. */
export type Decision<C = VerifiedClaims> =
  | { readonly allow: true; readonly claims: C }
  | { readonly allow: false; readonly reason: DenyReason }

/** Why a token whose signature is good is refused all the same. */
export type DenyReason =
  | 'wrong-typ'
  | 'missing-claim'
  | 'forbidden-claim'
  /** A claim restricts what the token is good for, and neither its kind nor the profile takes care of it. */
  | 'undeclared-claim'
  | 'malformed-claim'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'several-audiences'
  | 'wrong-subject'
  | 'claims-differ'
  | 'claims-coincide'
  | 'wrong-event'
  | 'wrong-authorized-party'
  | 'wrong-nonce'
  | 'wrong-client'
  | 'unknown-confirmation'
  | 'issued-in-future'
  | 'authenticated-in-future'
  | 'not-yet-valid'
  | 'expired'
  /** It ends no later than it begins. */
  | 'ends-before-start'
  | 'lifetime-too-long'
  | 'too-old'
  /** It grants not all of the scopes, or none of those of which one was asked for (RFC 6750 §3.1). */
  | 'insufficient-scope'
  /** Its `acr` is none of those asked for, or is not there (RFC 9470 §3). */
  | 'insufficient-acr'
  /** Its `auth_time` is too long ago, or is not there (RFC 9470 §3). */
  | 'authentication-too-old'
  /** The profile's schema does not take its claims. */
  | 'refused-by-schema'
