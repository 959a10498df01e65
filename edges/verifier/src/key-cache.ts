import type { Clock, KeySet, KeySource } from '@jotwarden/token'
import { backoffDelay } from './backoff.ts'
import { VerifierError } from './errors.ts'
import type { VerifierEvent } from './verifier-event.ts'

/** Where a verifier has its keys from. */
export interface KeyProvider {
  /** The keys to try for a token with this key id. Throws `verifier/keys-unavailable`. */
  keysFor(kid: string | undefined): KeySource | Promise<KeySource>
  /** The same without waiting: undefined where the issuer would have to be asked first. */
  atHand(kid: string | undefined): KeySource | undefined
  /** The key set as it was published, to be preloaded elsewhere; undefined before the first load. */
  document(): unknown
}

/** Keys as they came, with the seconds their answer may be kept; undefined when it does not say. */
export interface LoadedKeys {
  readonly keys: KeySet
  readonly maxAge: number | undefined
  /** As it was published. */
  readonly document: unknown
}

/** Keys that were given and not loaded. Nobody knows how old they are. */
export type PreloadedKeys = Omit<LoadedKeys, 'maxAge'>

/** What a {@link KeyCache} is told. All times are seconds. */
export interface KeyCacheOptions {
  readonly load: () => Promise<LoadedKeys>
  readonly clock: Clock
  /** A number from 0 up to 1, each time another. */
  readonly chance: () => number
  /** How long keys are used after their last successful load, while they cannot be had anew. */
  readonly longestStale: number
  readonly preloaded: PreloadedKeys | Promise<PreloadedKeys> | undefined
  readonly tell: (event: VerifierEvent) => void
}

/**
 * Keeps an issuer's keys: one load in flight, refreshed ahead of expiry, served stale for a bounded time.
 * An unknown key id causes at most one load in 30 seconds, whatever its answer; failures back off.
 */
export class KeyCache implements KeyProvider {
  readonly #options: KeyCacheOptions
  readonly #unknown = new UnknownKids()
  #held: HeldKeys | undefined
  #loading: Promise<HeldKeys> | undefined
  #coolUntil = Number.NEGATIVE_INFINITY
  #failures = 0
  #retryAt = Number.NEGATIVE_INFINITY

  constructor(options: KeyCacheOptions) {
    this.#options = options
    const { preloaded } = options
    if (preloaded instanceof Promise) {
      this.#loading = preloaded
        .then((keys) => this.#preload(keys))
        .finally(() => {
          this.#loading = undefined
        })
      // Whoever asks for keys meanwhile is told
      this.#loading.catch(() => undefined)
    } else if (preloaded !== undefined) this.#preload(preloaded)
  }

  /** Usable at once, and refreshed by the first token. */
  #preload(keys: PreloadedKeys): HeldKeys {
    this.#held = { ...this.#lifetimes({ ...keys, maxAge: 0 }), refreshAt: Number.NEGATIVE_INFINITY }
    return this.#held
  }

  keysFor(kid: string | undefined): KeySource | Promise<KeySource> {
    return this.atHand(kid) ?? this.#fetched(kid)
  }

  atHand(kid: string | undefined): KeySource | undefined {
    const held = this.#held
    const now = this.#options.clock.now()
    if (held === undefined || now >= held.deadAt) return undefined
    if (isStale(held, now) && this.#failures === 0) return undefined
    if (kid !== undefined && !held.keys.has(kid)) return undefined
    if (now >= held.refreshAt || isStale(held, now)) void this.#load().catch(() => held)
    return held.keys
  }

  document(): unknown {
    return this.#held?.document
  }

  async #fetched(kid: string | undefined): Promise<KeySource> {
    const held = await this.#current()
    if (kid === undefined || held.keys.has(kid)) return held.keys
    return this.#afterRotation(kid, held)
  }

  /** The keys held, loaded anew when they have to be. */
  async #current(): Promise<HeldKeys> {
    const now = this.#options.clock.now()
    const held = this.#held
    if (held === undefined || now >= held.deadAt) return this.#load()
    // Only the first failure is waited for: later attempts run behind answers given from stale keys
    if (isStale(held, now) && this.#failures === 0) return this.#load().catch(() => held)
    if (now >= held.refreshAt || isStale(held, now)) void this.#load().catch(() => held)
    return held
  }

  /** The issuer may have a new key: asks again, unless that was done of late. */
  async #afterRotation(kid: string, held: HeldKeys): Promise<KeySource> {
    const now = this.#options.clock.now()
    const isKnownUnknown = this.#unknown.has(kid, now)
    const isCoolingDown = this.#loading === undefined && isAhead(this.#coolUntil, now, unknownKidCooldown)
    this.#options.tell({ type: 'unknown-kid', asked: !isKnownUnknown && !isCoolingDown })
    if (isKnownUnknown) return held.keys
    if (isCoolingDown) {
      // With the issuer out of reach nobody can tell a new key from an invented one
      if (this.#failures > 0) throw this.#unavailable('it could not be reached a moment ago')
      return held.keys
    }
    const { keys } = await this.#load()
    if (!keys.has(kid)) this.#unknown.add(kid, this.#options.clock.now())
    return keys
  }

  #load(): Promise<HeldKeys> {
    this.#loading ??= this.#attempt().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #attempt(): Promise<HeldKeys> {
    const { clock, chance, load } = this.#options
    if (isAhead(this.#retryAt, clock.now(), longestBackoff))
      throw this.#unavailable('it could not be reached a moment ago')
    this.#coolUntil = clock.now() + unknownKidCooldown
    try {
      const loaded = await load()
      this.#held = this.#lifetimes(loaded)
      this.#failures = 0
      this.#options.tell({ type: 'keys-loaded', keys: loaded.keys.size })
      return this.#held
    } catch (cause) {
      this.#failures += 1
      this.#retryAt = clock.now() + backoffDelay(this.#failures, chance())
      const error = this.#unavailable('it cannot be reached or what it publishes cannot be used', cause)
      this.#options.tell({ type: 'keys-failed', reason: error.reason ?? 'network' })
      throw error
    }
  }

  #lifetimes({ keys, document, maxAge = defaultMaxAge }: LoadedKeys): HeldKeys {
    const loadedAt = this.#options.clock.now()
    const fresh = Math.min(longestMaxAge, Math.max(shortestMaxAge, maxAge))
    return {
      keys,
      document,
      loadedAt,
      refreshAt: loadedAt + fresh * (0.75 + 0.15 * this.#options.chance()),
      staleAt: loadedAt + fresh,
      deadAt: loadedAt + Math.max(fresh, this.#options.longestStale),
    }
  }

  #unavailable(state: string, cause?: unknown): VerifierError {
    const reason =
      cause instanceof VerifierError
        ? (cause.reason ?? 'network')
        : cause === undefined
          ? 'backing-off'
          : 'document-malformed'
    const retryAfter = Math.max(1, Math.ceil(this.#retryAt - this.#options.clock.now()))
    return new VerifierError('verifier/keys-unavailable', `Cannot have the issuer's keys: ${state}`, {
      reason,
      retryAfter,
      cause,
    })
  }
}

interface HeldKeys {
  readonly keys: KeySet
  readonly document: unknown
  readonly loadedAt: number
  readonly refreshAt: number
  readonly staleAt: number
  readonly deadAt: number
}

/** Whether a moment that lay at most so many seconds ahead still does. One that lies much further: the clock was set back. */
function isAhead(moment: number, now: number, atMost: number): boolean {
  return now < moment && moment - now <= atMost + clockStep
}

/** Also stale when the clock was set back: their age is then unknown. */
function isStale(held: HeldKeys, now: number): boolean {
  return now >= held.staleAt || now < held.loadedAt - shortestMaxAge
}

/** Key ids that the issuer was asked for and did not have. Bounded: a flood pushes out the oldest. */
class UnknownKids {
  readonly #until = new Map<string, number>()

  has(kid: string, now: number): boolean {
    return isAhead(this.#until.get(kid) ?? Number.NEGATIVE_INFINITY, now, unknownKidMemory)
  }

  add(kid: string, now: number): void {
    this.#until.delete(kid)
    this.#until.set(kid, now + unknownKidMemory)
    if (this.#until.size <= mostUnknownKids) return
    for (const oldest of this.#until.keys()) {
      this.#until.delete(oldest)
      return
    }
  }
}

const shortestMaxAge = 60
const longestMaxAge = 3600
const defaultMaxAge = 300
const unknownKidCooldown = 30
const unknownKidMemory = 60
/** By so much a clock may be put right without anything being asked sooner. */
const clockStep = 60
/** What `backoffDelay` answers at most. */
const longestBackoff = 60
const mostUnknownKids = 1000
