import { type AccessClaims, validityOf } from '@jotwarden/policy'
import type { KeySource } from '@jotwarden/token'
import type { AuthContext } from '../auth-context.ts'
import { invalid, refuseUnknownNames, wholeNumber } from '../invalid-option.ts'
import type { VerifyOptions } from '../revocation-source.ts'
import type { CacheWorld, TokenCache, TokenCacheSource } from '../token-cache.ts'
import type { VerifierEvent } from '../verifier-event.ts'

/** How much is remembered. */
export interface TokenCacheOptions {
  /** Tokens held at most, 1 to 1,000,000; 10,000 unless said. A token of usual length takes about 2 kB. */
  readonly maxTokens?: number
}

/**
 * Remembers tokens that were accepted, so that one which comes again costs no signature. A hit still checks the
 * times, the marks of revocation and that the keys have not been fetched anew. Throws `verifier/options`.
 */
export function tokenCache(options: TokenCacheOptions = {}): TokenCacheSource {
  if (typeof options !== 'object' || options === null)
    throw invalid('cache', 'is made of no options', 'pass { maxTokens }, or nothing')
  refuseUnknownNames('cache.', options, optionNames)
  const { maxTokens = 10_000 } = options
  const most = wholeNumber('cache.maxTokens', maxTokens, 1, 1_000_000)
  return Object.freeze({ create: (world: CacheWorld) => new AcceptedTokens(world, most) })
}

class AcceptedTokens implements TokenCache {
  readonly #world: CacheWorld
  readonly #tokens: TwoGenerations

  constructor(world: CacheWorld, maxTokens: number) {
    this.#world = world
    this.#tokens = new TwoGenerations(Math.ceil(maxTokens / 2))
  }

  find(token: string, call: VerifyOptions): AuthContext | undefined {
    const { clock, keys, follower, events } = this.#world
    const entry = this.#tokens.find(token)
    if (entry === undefined || keys.atHand(entry.kid) !== entry.keys) return undefined
    const now = clock.now()
    if (!(now >= entry.from && now < entry.until) || follower?.isSettled === false) return undefined
    follower?.enforce(entry.claims, entry.kid, call)
    events.tell(cacheHit)
    return entry.context
  }

  keep(token: string, context: AuthContext, kid: string | undefined, keys: KeySource): void {
    const { claims } = context
    this.#tokens.keep(token, { context, claims, kid, keys, ...validityOf(claims, this.#world.profile) })
  }
}

/** Two maps: what is asked for moves into the young one, and when that is full the old one is dropped whole. */
class TwoGenerations {
  readonly #size: number
  #young = new Map<string, CachedToken>()
  #old = new Map<string, CachedToken>()

  constructor(size: number) {
    this.#size = size
  }

  find(token: string): CachedToken | undefined {
    const entry = this.#young.get(token)
    if (entry !== undefined || this.#old.size === 0) return entry
    const aged = this.#old.get(token)
    if (aged !== undefined) this.keep(token, aged)
    return aged
  }

  keep(token: string, entry: CachedToken): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(token, entry)
  }
}

/** What is remembered of a token. */
interface CachedToken {
  readonly context: AuthContext
  readonly claims: AccessClaims
  /** The key that has verified it. */
  readonly kid: string | undefined
  /** The generation of keys: a hit counts only while this is still what the verifier holds. */
  readonly keys: KeySource
  /** Seconds since the epoch, from and until which the times in the token let it pass. */
  readonly from: number
  readonly until: number
}

const cacheHit: VerifierEvent = Object.freeze({ type: 'cache-hit' })
const optionNames: ReadonlySet<string> = new Set(['maxTokens'] satisfies (keyof TokenCacheOptions)[])
