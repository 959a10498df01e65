import type { KeyPlan, PurposePlan } from '@jotwarden/keyring'
import type { Clock } from '@jotwarden/token'

/**
 * The plan of the configuration in force, with what those before it promised and what still stands: how long key sets that
 * were handed out may be kept, and how long what was issued may live.
 */
export interface StandingPlans {
  /** Each of its causes is the longest that counts now; only the periods are those of the latest plan. */
  readonly plan: KeyPlan
  /** Follows another plan. The one before counts until nothing that was made under it is left. */
  follow(plan: KeyPlan): void
}

export function createStandingPlans(first: KeyPlan, clock: Clock): StandingPlans {
  let latest = first
  let earlier: readonly { readonly plan: KeyPlan; readonly until: number }[] = []
  const standing = () => {
    earlier = earlier.filter(({ until }) => until > clock.now())
    return earlier.map(({ plan }) => plan)
  }
  return {
    get plan() {
      return standing().reduce(longest, latest)
    },
    follow(plan) {
      standing()
      earlier = [...earlier, { plan: latest, until: clock.now() + UNDER_WAY + lifeOf(latest) }]
      latest = plan
    },
  }
}

function longest(plan: KeyPlan, other: KeyPlan): KeyPlan {
  const purpose = (own: PurposePlan, theirs: PurposePlan): PurposePlan => ({
    ...own,
    longestLife: Math.max(own.longestLife, theirs.longestLife),
  })
  const { purposes } = plan
  return {
    jwksMaxAge: Math.max(plan.jwksMaxAge, other.jwksMaxAge),
    propagation: Math.max(plan.propagation, other.propagation),
    skew: Math.max(plan.skew, other.skew),
    lease: Math.max(plan.lease, other.lease),
    purposes: {
      'token-signing': purpose(purposes['token-signing'], other.purposes['token-signing']),
      'refresh-mac': purpose(purposes['refresh-mac'], other.purposes['refresh-mac']),
      sealing: purpose(purposes.sealing, other.purposes.sealing),
    },
  }
}

/** Seconds until what was made under the plan is over everywhere. */
function lifeOf({ jwksMaxAge, propagation, skew, lease, purposes }: KeyPlan): number {
  const lives = Object.values(purposes).map(({ longestLife }) => longestLife)
  return Math.max(jwksMaxAge, ...lives) + lease + propagation + 3 * skew
}

/** Seconds for which a request that began under a plan may still be under way. */
const UNDER_WAY = 60
