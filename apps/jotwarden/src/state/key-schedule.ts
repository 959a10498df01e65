import type { Stores } from '@jotwarden/authority'
import type { KeyPlan, KeySchedule } from '@jotwarden/keyring'
import type { Configuration } from '../config/configuration.ts'
import type { StandingPlans } from './standing-plans.ts'

/** What the dates of keys follow from, as the configuration has it. */
export function keyPlanOf({ keys, tokens, sessions }: Configuration): KeyPlan {
  const { rotation_period, rotation_volume, cryptoperiod, jwks_max_age, propagation, clock_skew } = keys
  // A client shows an old ID token to sign out, or to say who is meant, as long as the login lasts
  const signed = Math.max(tokens.access_token_lifetime, tokens.id_token_lifetime, sessions.login_lifetime)
  const volume = rotation_volume === undefined ? {} : { rotationVolume: rotation_volume }
  return {
    jwksMaxAge: jwks_max_age,
    propagation,
    skew: clock_skew,
    lease: KEY_LEASE,
    purposes: {
      'token-signing': { rotationPeriod: rotation_period, ...volume, cryptoperiod, longestLife: signed },
      'refresh-mac': {
        rotationPeriod: rotation_period,
        ...volume,
        cryptoperiod,
        longestLife: sessions.lifetime,
      },
      sealing: {
        rotationPeriod: Math.min(rotation_period, SEALING_PERIOD),
        ...volume,
        cryptoperiod,
        longestLife: LONGEST_SIGN_IN,
      },
    },
  }
}

/** The standing plans, with what was issued under earlier configurations. */
export function keyScheduleOf(issuer: string, plans: StandingPlans, stores: Stores): KeySchedule {
  return {
    get plan() {
      return plans.plan
    },
    async latestEnd(purpose) {
      if (purpose === 'token-signing') return (await stores.revocation.head(issuer)).latestExp
      return purpose === 'refresh-mac' ? stores.sessions.latestEnd(issuer) : 0
    },
  }
}

/** Seconds for which a process works with keys as it read them; it reads them again long before. */
export const KEY_LEASE = 15
const SEALING_PERIOD = 7 * 86_400
/** The most that `sessions.interaction_lifetime` may be: a sign-in may have begun under another configuration. */
const LONGEST_SIGN_IN = 86_400
