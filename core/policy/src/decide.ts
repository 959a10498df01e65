import type { VerifiedToken } from '@jotwarden/token'
import type { TypedClaims } from './claims.ts'
import type { Decision } from './decision.ts'
import type { TokenKind } from './kinds.ts'
import { checkNow } from './now.ts'
import { type Profile, profileChecks } from './profile.ts'
import { typedClaims } from './typed-claims.ts'

/**
 * Decides whether a token with a good signature is what the profile demands; what it checks, and in which order, is
 * `checklist`. Answers for any claims. `now` is in seconds since the epoch.
 * Throws `policy/now` when it is no such number, and `policy/schema` when the profile's schema answers with a promise
 * or with anything but an object.
 * Source: RFC 7519 §4.1, RFC 8725 §3.8–3.12.
 */
export function decide<K extends TokenKind, T = unknown>(
  token: Pick<VerifiedToken, 'typ' | 'claims'>,
  profile: Profile<K, T>,
  now: number,
): Decision<TypedClaims<K, T>> {
  checkNow(now)
  for (const check of profile[profileChecks]) {
    const reason = check(token, now)
    if (reason !== null) return { allow: false, reason }
  }
  if (profile.schema === null) return { allow: true, claims: token.claims as TypedClaims<K, T> }
  const claims = typedClaims<K, T>(profile.schema, token.claims)
  return claims === undefined ? { allow: false, reason: 'refused-by-schema' } : { allow: true, claims }
}
