import type { AuthContext } from '../auth-context.ts'
import { VerifierError } from '../errors.ts'

/** What a route demands of a token that was verified. */
export interface Demands {
  /** All of these have to be granted. */
  readonly scopes?: readonly string[]
  /** One of these has to be granted. A challenge asks for the first. */
  readonly anyScope?: readonly string[]
  /** The sign-in has to be of one of these authentication contexts (`acr`; RFC 9470 §4). */
  readonly acrValues?: readonly string[]
  /** The sign-in (`auth_time`) may be so many seconds ago, at most (RFC 9470 §4). */
  readonly maxAge?: number
}

/**
 * Refuses a token that does not meet the demands; `now` is in seconds since the epoch. A token that does not say how or
 * when the sign-in was does not meet a demand on it.
 * Throws `verifier/insufficient-scope`, then `verifier/insufficient-authentication`.
 */
export function refuseUnmet(auth: AuthContext, demands: Demands, now: number): void {
  const { scopes = [], anyScope, acrValues, maxAge } = demands
  if (!scopes.every((scope) => auth.has(scope)) || anyScope?.some((scope) => auth.has(scope)) === false)
    auth.require(...wantedScopes(demands))
  const { acr, auth_time } = auth.claims
  const isStrong = acrValues === undefined || (acr !== undefined && acrValues.includes(acr))
  const isRecent = maxAge === undefined || (auth_time !== undefined && isWithin(now - auth_time, maxAge))
  if (isStrong && isRecent) return
  throw new VerifierError(
    'verifier/insufficient-authentication',
    `Cannot allow the act: the sign-in is ${isStrong ? 'too long ago' : 'not of an authentication context that was asked for'}`,
    { ...(acrValues === undefined ? {} : { acrValues }), ...(maxAge === undefined ? {} : { maxAge }) },
  )
}

/** What to ask for so that the demands are met. */
export function wantedScopes({ scopes = [], anyScope = [] }: Demands): readonly string[] {
  return [...new Set([...scopes, ...anyScope.slice(0, 1)])]
}

/** Throws `verifier/options` for demands that nobody could meet, or that demand nothing by mistake. */
export function checkDemands({ scopes, anyScope, acrValues, maxAge }: Demands): void {
  if (scopes !== undefined && !isTexts(scopes)) throw unusable('scopes', 'is no list of scopes')
  if (anyScope !== undefined && !(isTexts(anyScope) && anyScope.length > 0))
    throw unusable('anyScope', 'is no list of at least one scope')
  if (acrValues !== undefined && !(isTexts(acrValues) && acrValues.length > 0))
    throw unusable('acrValues', 'is no list of at least one authentication context')
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0))
    throw unusable('maxAge', 'is no whole number of seconds')
}

/** A wrong option of a route: which, and what is wrong with it. */
export function unusable(option: string, state: string): VerifierError {
  return new VerifierError('verifier/options', `Cannot guard the route: the option ${option} ${state}`)
}

// Of a sign-in in the future nothing is believed, beyond what clocks may differ by
function isWithin(age: number, maxAge: number): boolean {
  return age <= maxAge && age >= -clockTolerance
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

const clockTolerance = 60
