import type { RegisteredClaims } from './claims.ts'
import type { Profile } from './profile-of-terms.ts'

/** Seconds since the epoch: from the first, and before the second. */
export interface Validity {
  readonly from: number
  readonly until: number
}

/**
 * Between which times `decide` allows claims that it has allowed once: nothing else that it checks changes with time.
 * A cache of decisions has to ask for no more.
 *
 * @example
 * ```ts
 * const { from, until } = validityOf(decision.claims, profile)
 * const stillAllowed = now >= from && now < until
 * ```
 */
export function validityOf(claims: RegisteredClaims, profile: Profile): Validity {
  const { iat, nbf, exp, auth_time } = claims
  const { skew, longestLifetime, maxAge, demands } = profile
  const begun = iat ?? nbf
  const ends = [(exp ?? (begun ?? 0) + longestLifetime) + skew]
  if (maxAge !== null && begun !== undefined) ends.push(begun + maxAge + skew)
  if (demands !== null && demands.maxAge !== null) ends.push((auth_time ?? 0) + demands.maxAge + demands.skew)
  const starts = [(iat ?? 0) - skew, (nbf ?? 0) - skew, (auth_time ?? 0) - skew]
  // Where nothing says when the token began, it may not end later than its longest lifetime from now
  if (begun === undefined && exp !== undefined) starts.push(exp - longestLifetime)
  return { from: Math.max(...starts), until: Math.min(...ends) }
}
