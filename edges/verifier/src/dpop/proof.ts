import {
  importVerifyKey,
  type JwsAlgorithm,
  jwkThumbprintAsync,
  loadVerifyKey,
  type PublicJwk,
  parseCompact,
  parsePublicJwk,
  synchronous,
  TokenError,
  type UnverifiedToken,
  type VerifiedToken,
  verifyParsed,
  verifyParsedAsync,
} from '@jotwarden/token'
import { VerifierError, type VerifierReason } from '../errors.ts'
import type { RequestParts } from '../request-parts.ts'
import { isSameText } from '../same-text.ts'

/** The one proof that a request carries (RFC 9449 §4.3 number 1). */
export function soleProof(request: RequestParts): string {
  const [proof, ...others] = request.headers('dpop')
  if (proof === undefined) throw invalidProof('proof-missing', 'the request has no DPoP header')
  // Two field lines may arrive joined by a comma, which no token holds
  if (others.length > 0 || proof.includes(','))
    throw invalidProof('proof-repeated', 'the request has more than one')
  return proof
}

/**
 * Verifies the proof under the key in its header, once that is known to be the key that the token is bound to: a key
 * that nobody vouches for is not even tried, and none is kept (RFC 9449 §4.3 numbers 2 to 7, and 12).
 */
export async function verifiedProof(
  proof: string,
  algorithms: readonly JwsAlgorithm[],
  thumbprint: string,
): Promise<VerifiedToken> {
  try {
    const unverified = parseCompact(proof)
    const alg = algorithms.find((one) => one === unverified.header.alg)
    if (alg === undefined) throw invalidProof('token/alg', 'its algorithm is not accepted')
    if (unverified.header.jwk === undefined) throw invalidProof('proof-without-key', 'it brings no key')
    const jwk = parsePublicJwk(unverified.header.jwk)
    if (!isSameText(await jwkThumbprintAsync(jwk), thumbprint))
      throw invalidProof('wrong-key', 'its key is not the one of the token')
    return await verifiedBy(jwk, alg, unverified)
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw invalidProof(cause.code, 'its form, its key or its signature is wrong', cause)
  }
}

/** A refusal of the proof; which check failed is for logs alone. */
export function invalidProof(reason: VerifierReason, state: string, cause?: TokenError): VerifierError {
  const details = cause === undefined ? { reason } : { reason, cause }
  return new VerifierError('verifier/invalid-dpop-proof', `Cannot accept the DPoP proof: ${state}`, details)
}

async function verifiedBy(
  jwk: PublicJwk,
  alg: JwsAlgorithm,
  unverified: UnverifiedToken,
): Promise<VerifiedToken> {
  if (synchronous) return verifyParsed(unverified, importVerifyKey(jwk, { alg }))
  return verifyParsedAsync(unverified, await loadVerifyKey(jwk, { alg }))
}
