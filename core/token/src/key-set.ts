import type { JwsAlgorithm } from './algorithms.ts'
import { TokenError } from './errors.ts'
import { hasPrivateMember, type PublicJwk } from './jwk.ts'
import { importVerifyKey, type VerifyKey } from './keys.ts'

/** Gives the keys that a token may have been signed with; its header is a hint and nothing more. */
export interface KeySource {
  select(header: { readonly alg: string; readonly kid: string | undefined }): readonly VerifyKey[]
}

/** The verification keys of a JWKS (RFC 7517 §5). */
export class KeySet implements KeySource {
  readonly #keys: readonly VerifyKey[]
  readonly #byKid: ReadonlyMap<string, readonly VerifyKey[]>

  private constructor(keys: readonly VerifyKey[]) {
    this.#keys = keys
    this.#byKid = Map.groupBy(keys, (key) => key.kid ?? '')
  }

  /**
   * Imports what it can. Keys of unknown type, algorithm or use are skipped (RFC 7517 §5); a symmetric or private key in a
   * public set refuses the set, since whoever serves it is not to be trusted with the rest.
   *
   * Throws `key/set` or `key/private-in-public`.
   */
  static fromJwks(
    jwks: unknown,
    options: { readonly algorithms?: readonly JwsAlgorithm[]; readonly limit?: number } = {},
  ): KeySet {
    const listed = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined
    if (!Array.isArray(listed))
      throw new TokenError('key/set', 'Cannot read the key set: it has no keys array')
    if (listed.length > (options.limit ?? 100))
      throw new TokenError('key/set', 'Cannot read the key set: it has too many keys')
    return KeySet.of(listed.flatMap((jwk: unknown) => imported(jwk, options.algorithms)))
  }

  static of(keys: readonly VerifyKey[]): KeySet {
    return new KeySet(keys)
  }

  get size(): number {
    return this.#keys.length
  }

  has(kid: string): boolean {
    return this.#byKid.has(kid)
  }

  /** By `kid` and algorithm; without a `kid`, every key of the algorithm, four at most. */
  select(header: { readonly alg: string; readonly kid: string | undefined }): readonly VerifyKey[] {
    const candidates = header.kid === undefined ? this.#keys : (this.#byKid.get(header.kid) ?? [])
    return candidates.filter((key) => key.alg === header.alg).slice(0, 4)
  }
}

function imported(jwk: unknown, algorithms: readonly JwsAlgorithm[] | undefined): readonly VerifyKey[] {
  if (typeof jwk !== 'object' || jwk === null || !('kty' in jwk)) return []
  if (jwk.kty === 'oct' || hasPrivateMember(jwk)) {
    throw new TokenError(
      'key/private-in-public',
      'Cannot read the key set: it holds a key that is not public',
    )
  }
  try {
    const key = importVerifyKey(jwk as PublicJwk)
    return algorithms === undefined || algorithms.includes(key.alg) ? [key] : []
  } catch (error) {
    if (error instanceof TokenError) return []
    throw error
  }
}
