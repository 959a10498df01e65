import type { JsonObject } from './json.ts'
import { type VerifiedClaims, vouchedClaims } from './verify.ts'

/**
 * Brands what an issuer has answered about a token over a channel that it is known by (RFC 7662 §2.2, TLS and the
 * caller's credential): it vouches for the claims as a signature would. For nothing else.
 */
export function introspectedClaims(answer: JsonObject): VerifiedClaims {
  return vouchedClaims(answer)
}
