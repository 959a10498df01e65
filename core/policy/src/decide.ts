import type { VerifiedClaims, VerifiedToken } from '@jotwarden/token'
import { normalizeTyp } from '@jotwarden/token'
import { audienceIncludes, isSoleAudience } from './audience.ts'
import { areWellFormed, type ClaimsOf, isKnownConfirmation, type RegisteredClaims } from './claims.ts'
import { PolicyError } from './errors.ts'
import type { TokenKind } from './kinds.ts'
import type { Profile } from './profile.ts'

/** The answer of {@link decide}; only its allowing branch holds the claims. */
export type Decision<C = VerifiedClaims> =
  | { readonly allow: true; readonly claims: C }
  | { readonly allow: false; readonly reason: DenyReason }

/** Why a token whose signature is good is refused all the same. */
export type DenyReason =
  | 'wrong-typ'
  | 'missing-claim'
  | 'forbidden-claim'
  | 'malformed-claim'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'several-audiences'
  | 'claims-differ'
  | 'wrong-event'
  | 'wrong-authorized-party'
  | 'wrong-nonce'
  | 'wrong-client'
  | 'unknown-confirmation'
  | 'issued-in-future'
  | 'not-yet-valid'
  | 'expired'
  | 'lifetime-too-long'
  | 'too-old'

/**
 * Decides whether a token with a good signature is what the profile demands.
 * `now` is in seconds since the epoch; throws `policy/now` when it is no such number.
 * Source: RFC 7519 §4.1, RFC 8725 §3.8–3.12.
 */
export function decide<K extends TokenKind>(
  token: Pick<VerifiedToken, 'typ' | 'claims'>,
  profile: Profile<K>,
  now: number,
): Decision<ClaimsOf<K>> {
  if (!(now >= 0 && now <= Number.MAX_SAFE_INTEGER))
    throw new PolicyError('policy/now', 'Cannot decide: the time given is not a number of seconds')
  const reason = fault(token, profile, now)
  if (reason !== null) return { allow: false, reason }
  return { allow: true, claims: token.claims as ClaimsOf<K> }
}

function fault(
  { typ, claims }: Pick<VerifiedToken, 'typ' | 'claims'>,
  profile: Profile,
  now: number,
): DenyReason | null {
  const { rule, issuer, audience, clientId, nonce, skew, longestLifetime, maxAge } = profile
  const has = (name: string): boolean => Object.hasOwn(claims, name)

  if (typ === undefined || normalizeTyp(typ) !== profile.typ) return 'wrong-typ'
  if (!rule.required.every(has)) return 'missing-claim'
  if (rule.anyOf.length > 0 && !rule.anyOf.some(has)) return 'missing-claim'
  if (rule.forbidden.some(has)) return 'forbidden-claim'
  if (!areWellFormed(claims)) return 'malformed-claim'

  const aud = claims.aud ?? []
  if (issuer !== null && claims.iss !== issuer) return 'wrong-issuer'
  if (audience !== null && !audienceIncludes(aud, audience)) return 'wrong-audience'
  if (rule.audience === 'sole' && !isSoleAudience(aud)) return 'several-audiences'
  if (rule.kind === 'id' && claims.azp !== undefined && !audienceIncludes(aud, claims.azp))
    return 'wrong-authorized-party'
  if (rule.same !== undefined && !isSame(claims, rule.same)) return 'claims-differ'
  if (rule.event !== undefined && !Object.hasOwn(claims.events ?? {}, rule.event)) return 'wrong-event'
  if (clientId !== null && claims.client_id !== clientId) return 'wrong-client'
  if (nonce !== null && claims.nonce !== nonce) return 'wrong-nonce'
  if (claims.cnf !== undefined && !isKnownConfirmation(claims.cnf)) return 'unknown-confirmation'

  const begun = claims.iat ?? claims.nbf ?? now
  const end = claims.exp ?? begun + longestLifetime
  if (claims.iat !== undefined && claims.iat > now + skew) return 'issued-in-future'
  if (claims.nbf !== undefined && claims.nbf > now + skew) return 'not-yet-valid'
  if (now - skew >= end) return 'expired'
  if (end - begun > longestLifetime) return 'lifetime-too-long'
  if (maxAge !== null && now - skew >= begun + maxAge) return 'too-old'
  return null
}

function isSame(
  claims: RegisteredClaims,
  [one, other]: readonly [keyof RegisteredClaims, keyof RegisteredClaims],
): boolean {
  const [a, b] = [one, other].map((name) => [claims[name]].flat())
  return a !== undefined && b !== undefined && a.length === 1 && b.length === 1 && a[0] === b[0]
}
