import type { JwsAlgorithm } from './algorithms.ts'
import { TokenError, type TokenErrorCode } from './errors.ts'
import { type PublicJwk, parsePublicJwk } from './jwk.ts'
import { type ImportOptions, importVerifyKey, loadVerifyKey, type VerifyKey } from './verify-key.ts'

/** Where `verify` finds candidate keys; each candidate must have the header's algorithm. */
export interface KeySource {
  /** The few keys that the header may mean, best first; empty when there is none. */
  select(header: { readonly alg: string; readonly kid: string | undefined }): readonly VerifyKey[]
}

/** How keys are read that leave something open. */
export interface KeySetOptions {
  /** The algorithm of RSA keys that do not state one. */
  readonly rsaAlg?: JwsAlgorithm
  /**
   * Takes keys whose `alg` is `EdDSA`, the older name of Ed25519 (RFC 9864), for tokens that say so; a key of Ed25519
   * that states no `alg` is then good for both names.
   */
  readonly acceptEdDSA?: boolean
}

/** The verification keys of one issuer. */
export class KeySet implements KeySource {
  readonly #keys: readonly VerifyKey[]
  readonly #byKid: ReadonlyMap<string, readonly VerifyKey[]>

  private constructor(keys: readonly VerifyKey[]) {
    this.#keys = keys
    this.#byKid = Map.groupBy(
      keys.filter((key) => key.kid !== undefined),
      (key) => key.kid ?? '',
    )
  }

  /**
   * Prepares a JWK Set. Keys that are unusable here (unknown kty, alg or curve, another use, malformed or weak) are
   * skipped (RFC 7517 §5); a symmetric key or a private member throws `key/private-in-public-set`, more than 100 keys
   * or two keys with the same `kid` and algorithm throw `key/malformed`.
   */
  static fromJwks(jwks: unknown, options: KeySetOptions = {}): KeySet {
    const keys: VerifyKey[] = []
    for (const jwk of keysMember(jwks)) {
      try {
        for (const [checked, how] of readKey(jwk, options)) keys.push(importVerifyKey(checked, how))
      } catch (error) {
        skipUnusable(error)
      }
    }
    refuseTwins(keys)
    return new KeySet(keys)
  }

  /** `fromJwks` for every platform; rejects with its codes but `token/platform`. */
  static async load(jwks: unknown, options: KeySetOptions = {}): Promise<KeySet> {
    const keys: VerifyKey[] = []
    for (const jwk of keysMember(jwks)) {
      try {
        for (const [checked, how] of readKey(jwk, options)) keys.push(await loadVerifyKey(checked, how))
      } catch (error) {
        skipUnusable(error)
      }
    }
    refuseTwins(keys)
    return new KeySet(keys)
  }

  /** The number of usable keys. */
  get size(): number {
    return this.#keys.length
  }

  has(kid: string): boolean {
    return this.#byKid.has(kid)
  }

  select(header: { readonly alg: string; readonly kid: string | undefined }): readonly VerifyKey[] {
    const candidates = header.kid === undefined ? this.#keys : (this.#byKid.get(header.kid) ?? [])
    const fits = (key: VerifyKey): boolean => key.alg === header.alg
    const fitting = candidates.every(fits) ? candidates : candidates.filter(fits)
    return fitting.length > MAX_CANDIDATES ? [] : fitting
  }
}

function keysMember(jwks: unknown): readonly unknown[] {
  if (typeof jwks !== 'object' || jwks === null || !('keys' in jwks) || !Array.isArray(jwks.keys)) {
    throw new TokenError('key/malformed', 'Cannot read the key set: it has no array of keys')
  }
  if (jwks.keys.length > MAX_KEYS) {
    throw new TokenError('key/malformed', `Cannot read the key set: it has more than ${MAX_KEYS} keys`)
  }
  return jwks.keys
}

/** A key of the set, once for each algorithm it is for: one, but for Ed25519 under both its names. */
function readKey(
  value: unknown,
  { rsaAlg, acceptEdDSA = false }: KeySetOptions,
): readonly (readonly [PublicJwk, ImportOptions])[] {
  const jwk = parsePublicJwk(value)
  if (jwk.alg === undefined && jwk.kty === 'RSA' && rsaAlg !== undefined) return [[jwk, { alg: rsaAlg }]]
  if (!acceptEdDSA) return [[jwk, {}]]
  const older = { ...jwk, alg: 'EdDSA' }
  const isNameless = jwk.alg === undefined && jwk.crv === 'Ed25519'
  return isNameless
    ? [
        [jwk, {}],
        [older, { acceptEdDSA }],
      ]
    : [[jwk, { acceptEdDSA }]]
}

/** RFC 7517 §5: keys that cannot be used here are left out. What should not be public at all spoils the whole set. */
function skipUnusable(error: unknown): void {
  const isSkipped = error instanceof TokenError && !SPOILS_THE_SET.has(error.code)
  if (!isSkipped) throw error
}

function refuseTwins(keys: readonly VerifyKey[]): void {
  const seen = new Set<string>()
  for (const key of keys) {
    if (key.kid === undefined) continue
    const name = `${key.alg} ${key.kid}`
    if (seen.has(name))
      throw new TokenError('key/malformed', 'Cannot read the key set: two keys share kid and alg')
    seen.add(name)
  }
}

const MAX_KEYS = 100
const SPOILS_THE_SET: ReadonlySet<TokenErrorCode> = new Set(['key/private-in-public-set', 'token/platform'])
/** A token without `kid` may try this many keys; more would make it a way to keep us busy. */
const MAX_CANDIDATES = 4
