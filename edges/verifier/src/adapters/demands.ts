import { type DemandOptions, type Demands, defineDemands, demand, PolicyError } from '@jotwarden/policy'
import type { AuthContext } from '../auth-context.ts'
import { VerifierError } from '../errors.ts'
import { isPlainObject } from '../plain-object.ts'

/** Demands of a route, checked. Throws `verifier/options` for what nobody could meet. */
export function checkedDemands(options: DemandOptions): Demands {
  try {
    return defineDemands(options)
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    throw new VerifierError('verifier/options', cause.message, { cause })
  }
}

/**
 * Refuses a token that does not meet the demands; `now` is in seconds since the epoch.
 * Throws `verifier/insufficient-scope` or `verifier/insufficient-authentication`.
 */
export function refuseUnmet(auth: AuthContext, demands: Demands, now: number): void {
  const decision = demand(auth.claims, demands, now)
  if (decision.allow) return
  const { reason } = decision
  if (reason === 'insufficient-scope')
    throw new VerifierError(
      'verifier/insufficient-scope',
      'Cannot allow the act: the token grants too little',
      {
        reason,
        scopes: wantedScopes(demands),
      },
    )
  const { acrValues, maxAge } = demands
  throw new VerifierError(
    'verifier/insufficient-authentication',
    'Cannot allow the act: its sign-in is too weak or too long ago',
    {
      reason,
      ...(acrValues === null ? {} : { acrValues }),
      ...(maxAge === null ? {} : { maxAge }),
    },
  )
}

/** What to ask for so that the demands are met: of several scopes to choose from, the first. */
export function wantedScopes({ scopes, anyScope }: Demands): readonly string[] {
  return [...new Set([...scopes, ...(anyScope ?? []).slice(0, 1)])]
}

/** The options, if nothing in them can get lost when they are copied. Throws `verifier/options`. */
export function plainOptions<O extends object>(options: O): O {
  if (isPlainObject(options)) return options
  throw unusable('options', 'is no plain object; pass one that names what the route demands')
}

/** A wrong option of a route: which, and what is wrong with it. */
export function unusable(option: string, state: string): VerifierError {
  return new VerifierError('verifier/options', `Cannot guard the route: the option ${option} ${state}`)
}
