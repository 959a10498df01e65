import {
  type AccessClaims,
  type Decision,
  decide,
  defineProfile,
  PolicyError,
  type Profile,
} from '@jotwarden/policy'
import { type KeySet, parseCompact, TokenError, type UnverifiedToken, verifyParsed } from '@jotwarden/token'
import { type AuthContext, authContext } from './auth-context.ts'
import { bearerToken } from './bearer.ts'
import { VerifierError } from './errors.ts'
import { issuerKeys, readKeySet } from './issuer-keys.ts'
import { KeyCache, type KeyProvider } from './key-cache.ts'
import { systemChance } from './platform.ts'
import { type CheckedOptions, checkOptions, invalid, type VerifierOptions } from './verifier-options.ts'

/** Checks the access tokens of one issuer, for one API. */
export interface Verifier {
  /**
   * Verifies an access token.
   * Throws `verifier/invalid-token` or `verifier/keys-unavailable`.
   */
  verify(token: string): Promise<AuthContext>
  /**
   * Verifies the bearer token of a request (RFC 6750 §2.1).
   * Throws what `verify` throws, and `verifier/no-credentials`, `verifier/unsupported-scheme`,
   * `verifier/invalid-request`.
   */
  authenticate(request: Request): Promise<AuthContext>
  /** Has the keys at hand before the first token comes. Throws `verifier/keys-unavailable`. */
  ready(): Promise<void>
}

/**
 * Makes a verifier; fetches nothing before the first token.
 * Throws `verifier/options` when an option is missing, unknown or weak.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const checked = checkOptions(options)
  const profile = accessProfile(checked)
  const keys = keyProvider(checked)

  async function verify(token: string): Promise<AuthContext> {
    const unverified = parse(token, checked.algorithms)
    const source = await keys.keysFor(unverified.header.kid)
    const verified = accepted(() => verifyParsed(unverified, source))
    const claims = allowed(decide(verified, profile, checked.clock.now()))
    // No proof of possession is checked here, and a bound token without its proof is a stolen one (RFC 9449 §7.1)
    if (claims.cnf !== undefined)
      throw refused('it is bound to a key whose proof this verifier cannot check', 'sender-constrained')
    return authContext(token, verified.header, claims)
  }

  return Object.freeze({
    verify,
    authenticate: async (request: Request) => verify(bearerToken(request)),
    ready: async () => void (await keys.keysFor(undefined)),
  })
}

// The allow-list is asked before any key is looked up: a token of another algorithm costs no fetch
function parse(token: string, algorithms: readonly string[]): UnverifiedToken {
  const unverified = accepted(() => parseCompact(token))
  if (!algorithms.includes(unverified.header.alg)) throw refused('its algorithm is not accepted', 'token/alg')
  return unverified
}

function accepted<T>(step: () => T): T {
  try {
    return step()
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw new VerifierError('verifier/invalid-token', cause.message, { reason: cause.code, cause })
  }
}

function allowed(decision: Decision<AccessClaims>): AccessClaims {
  if (decision.allow) return decision.claims
  throw refused(`policy says ${decision.reason}`, decision.reason)
}

function refused(state: string, reason: NonNullable<VerifierError['reason']>): VerifierError {
  return new VerifierError('verifier/invalid-token', `Cannot accept the token: ${state}`, { reason })
}

function accessProfile({ issuer, audience, times }: CheckedOptions): Profile<'access'> {
  try {
    return defineProfile({ kind: 'access', issuer, audience, ...times })
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    throw new VerifierError('verifier/options', cause.message, { cause })
  }
}

function keyProvider(options: CheckedOptions): KeyProvider {
  const preloaded = options.jwks === undefined ? undefined : keySet(options.jwks)
  const { clock, longestStale, jwksUri, ...rest } = options
  if (jwksUri === null && preloaded !== undefined) return { keysFor: () => preloaded }
  const load = issuerKeys({ ...rest, ...(typeof jwksUri === 'string' ? { jwksUri } : {}) })
  return new KeyCache({ load, clock, chance: systemChance, longestStale, ...(preloaded && { preloaded }) })
}

function keySet(jwks: unknown): KeySet {
  try {
    return readKeySet(jwks)
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw invalid('jwks', `is no usable key set (${cause.code})`, 'pass the JSON that the issuer publishes')
  }
}
