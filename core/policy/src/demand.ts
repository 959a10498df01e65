import type { RegisteredClaims } from './claims.ts'
import type { Decision, DenyReason } from './decision.ts'
import { PolicyError } from './errors.ts'
import { checkNow } from './now.ts'
import { isScopeToken } from './scopes.ts'
import { unmet } from './unmet.ts'

/** What one route or one act asks of a token beside its profile. What is left out is not asked. */
export interface DemandOptions {
  /** Scopes that must all be granted (RFC 6750 §3). */
  readonly scopes?: readonly string[]
  /** Scopes of which at least one must be granted. */
  readonly anyScope?: readonly string[]
  /** Authentication contexts of which the sign-in must be one (RFC 9470 §3). */
  readonly acrValues?: readonly string[]
  /** Seconds since the sign-in (`auth_time`), at most (RFC 9470 §3). */
  readonly maxAge?: number
  /** Seconds by which clocks may differ: 0 to 60, 30 when left out. */
  readonly skew?: number
}

/** Options that have been checked, and the check made of them; only {@link defineDemands} makes them. */
export interface Demands {
  readonly scopes: readonly string[]
  readonly anyScope: readonly string[] | null
  readonly acrValues: readonly string[] | null
  readonly maxAge: number | null
  readonly skew: number
  readonly [unmet]: (claims: DemandedClaims, now: number) => DenyReason | null
}

/** The claims that demands are about, as `decide` has checked them. */
export type DemandedClaims = Pick<RegisteredClaims, 'scope' | 'acr' | 'auth_time'>

/**
 * Checks the options once, so that {@link demand} need not. Throws `policy/demands` for an unknown option, a number out
 * of range, a scope of wrong grammar, and a list to choose from that is empty.
 */
export function defineDemands(options: DemandOptions): Demands {
  for (const name of Object.keys(options)) if (!optionNames.has(name)) throw invalid(name, 'is not known')
  const { scopes = [], anyScope, acrValues, maxAge, skew = defaultSkew } = options
  const demands = {
    scopes: texts('scopes', scopes, isScopeToken, 0),
    anyScope: anyScope === undefined ? null : texts('anyScope', anyScope, isScopeToken, 1),
    acrValues: acrValues === undefined ? null : texts('acrValues', acrValues, isFilled, 1),
    maxAge: maxAge === undefined ? null : seconds('maxAge', maxAge, Number.MAX_SAFE_INTEGER),
    skew: seconds('skew', skew, longestSkew),
  }
  return Object.freeze({ ...demands, [unmet]: unmetBy(demands) })
}

/**
 * Decides whether the claims that `decide` allowed also meet what a single act asks for: `insufficient-scope` stands for
 * too little granted (RFC 6750 §3.1); `insufficient-acr` and `authentication-too-old` for a sign-in that does not do
 * (RFC 9470 §3, `insufficient_user_authentication`), and a claim that is not there meets no demand on it.
 * `now` is in seconds since the epoch; throws `policy/now` when it is no such number.
 *
 * @example
 * ```ts
 * const transfer = defineDemands({ scopes: ['transfer'], acrValues: ['mfa'], maxAge: 300 })
 * const decision = demand(claims, transfer, now)
 * if (!decision.allow) return decision.reason
 * ```
 */
export function demand<C extends DemandedClaims>(claims: C, demands: Demands, now: number): Decision<C> {
  checkNow(now)
  const reason = demands[unmet](claims, now)
  return reason === null ? { allow: true, claims } : { allow: false, reason }
}

function unmetBy(demands: Omit<Demands, typeof unmet>): Demands[typeof unmet] {
  const { scopes, anyScope, acrValues, maxAge, skew } = demands
  return ({ scope, acr, auth_time }, now) => {
    const grants = (wanted: string): boolean => scope !== undefined && ` ${scope} `.includes(` ${wanted} `)
    if (!scopes.every(grants)) return 'insufficient-scope'
    if (anyScope !== null && !anyScope.some(grants)) return 'insufficient-scope'
    if (acrValues !== null && !(acr !== undefined && acrValues.includes(acr))) return 'insufficient-acr'
    if (maxAge !== null && !(auth_time !== undefined && now < auth_time + maxAge + skew))
      return 'authentication-too-old'
    return null
  }
}

function texts(
  name: string,
  value: readonly string[],
  isSound: (text: string) => boolean,
  least: number,
): readonly string[] {
  if (Array.isArray(value) && value.length >= least && value.every(isSound)) return Object.freeze([...value])
  throw invalid(name, 'must be an array of texts of the right grammar, and not empty where one is chosen')
}

function isFilled(text: unknown): boolean {
  return typeof text === 'string' && text !== ''
}

function seconds(name: string, value: unknown, most: number): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value
  throw invalid(name, `must be a number of seconds from 0 to ${most}`)
}

function invalid(option: string, state: string): PolicyError {
  return new PolicyError('policy/demands', `Cannot define the demands: the option ${option} ${state}`)
}

const defaultSkew = 30
const longestSkew = 60

const optionNames: ReadonlySet<string> = new Set([
  'scopes',
  'anyScope',
  'acrValues',
  'maxAge',
  'skew',
] satisfies (keyof DemandOptions)[])
