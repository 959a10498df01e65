import type { VerifiedToken } from '@jotwarden/token'
import { type Check, type CheckedClaims, isAcceptedTyp } from './checklist.ts'
import type { TypedClaims } from './claims.ts'
import type { Decision, DenyReason } from './decision.ts'
import type { TokenKind } from './kinds.ts'
import { checkNow } from './now.ts'
import { type Profile, profileChecks } from './profile-of-terms.ts'
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
  const { typ, claims } = token
  if (!isAcceptedTyp(typ, profile.typ)) return { allow: false, reason: 'wrong-typ' }
  const { ofNames, ofValues } = profile[profileChecks]
  const reason = ofNames(claims) ?? faultOf(claims as CheckedClaims, ofValues, now)
  if (reason !== null) return { allow: false, reason }
  if (profile.schema === null) return { allow: true, claims: claims as TypedClaims<K, T> }
  const typed = typedClaims<K, T>(profile.schema, claims)
  return typed === undefined ? { allow: false, reason: 'refused-by-schema' } : { allow: true, claims: typed }
}

function faultOf(claims: CheckedClaims, checks: readonly Check[], now: number): DenyReason | null {
  for (const check of checks) {
    const reason = check(claims, now)
    if (reason !== null) return reason
  }
  return null
}
