import type { RegisteredClaims } from './claims.ts'
import type { Profile } from './profile.ts'

/** Seconds since the epoch: from the first, and before the second. */
export interface Validity {
  readonly from: number
  readonly until: number
}

/**
 * Between which times `decide` allows claims that it has allowed once: nothing else that it checks changes with time.
 * A cache of decisions has to ask for no more.
 */
export function validityOf(claims: RegisteredClaims, profile: Profile): Validity {
  const { iat, nbf, exp, auth_time } = claims
  const { skew, longestLifetime, maxAge, demands } = profile
  const begun = iat ?? nbf
  const ends = [
    exp ?? (begun ?? 0) + longestLifetime,
    maxAge === null || begun === undefined ? Number.POSITIVE_INFINITY : begun + maxAge,
    demands === null || demands.maxAge === null
      ? Number.POSITIVE_INFINITY
      : (auth_time ?? 0) + demands.maxAge,
  ]
  const starts = [iat ?? 0, nbf ?? 0, auth_time ?? 0]
  // Where nothing says when the token began, it may not end later than its longest lifetime from now
  const soonest = begun === undefined && exp !== undefined ? exp - longestLifetime : 0
  return { from: Math.max(Math.max(...starts) - skew, soonest), until: Math.min(...ends) + skew }
}
