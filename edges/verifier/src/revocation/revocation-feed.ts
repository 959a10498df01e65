import type { MarkedToken } from '@jotwarden/policy'
import { basicAuthorization } from '../client-credential.ts'
import { credentialEndpoint } from '../credential-endpoint.ts'
import { startTicking, systemChance, withDeadline } from '../platform.ts'
import type { RevocationStatus, RevocationWorld } from '../revocation-source.ts'
import { undisturbed } from '../undisturbed.ts'
import { FeedLoop } from './feed-loop.ts'
import { Freshness } from './freshness.ts'
import { HeldLog } from './held-log.ts'
import type { Emit, RevocationEvent } from './revocation-event.ts'
import type { CheckedRevocation } from './revocation-options.ts'

/** What a {@link RevocationFeed} is told beside its own options. */
export interface RevocationFeedOptions extends RevocationWorld {
  readonly revocation: CheckedRevocation
}

/** What an issuer has taken back, as far as we know, and how old that knowledge is. */
export class RevocationFeed {
  readonly #options: RevocationFeedOptions
  readonly #freshness: Freshness
  readonly #log: HeldLog
  readonly #loop: FeedLoop
  readonly #emit: Emit
  readonly #synced = Promise.withResolvers<void>()
  #running: Promise<void> | undefined
  #firstSync: Promise<void> | undefined
  #isSettled = false
  #isStale = false
  #startedAt = 0
  #forgotAt = Number.NEGATIVE_INFINITY

  constructor(options: RevocationFeedOptions) {
    const { issuer, revocation, metadata, clock, steadyClock } = options
    this.#options = options
    this.#emit = undisturbed(revocation.onEvent)
    this.#freshness = new Freshness(clock, steadyClock)
    const emit: Emit = (event) => this.#tell(event)
    this.#log = new HeldLog(emit, systemChance())
    this.#loop = new FeedLoop({
      ...options,
      log: this.#log,
      freshness: this.#freshness,
      emit,
      maxStaleness: revocation.maxStaleness,
      authorization: () => basicAuthorization(revocation.clientId, revocation.clientSecret),
      endpoint: async () =>
        revocation.feedEndpoint ?? (await credentialEndpoint('revocation_feed_endpoint', issuer, metadata)),
      forgetEndpoint: () => metadata.forget(),
      chance: systemChance,
    })
  }

  /** Connects, the first time. */
  start(): void {
    const { timeout, closing, steadyClock } = this.#options
    if (this.#running !== undefined || closing.aborted) return
    this.#startedAt = steadyClock.now()
    this.#firstSync = withDeadline(timeout, () => this.#synced.promise)
      .catch(() => undefined)
      .finally(() => {
        this.#isSettled = true
      })
    const stop = startTicking(tick, () => this.#tick())
    this.#running = this.#loop.run().finally(() => {
      stop()
      this.#synced.resolve()
    })
  }

  /** Settles once everything is ended; to be called after `closing` was aborted. */
  async ended(): Promise<void> {
    await this.#running
  }

  /** Whether there is nothing to wait for: the first sync has come, or its time is over. */
  get isSettled(): boolean {
    return this.#isSettled
  }

  /** Settles when {@link isSettled} becomes true. */
  async firstSync(): Promise<void> {
    await this.#firstSync
  }

  /** The status with which the issuer refuses this API's credential. */
  get refusedWith(): number | undefined {
    return this.#loop.refusedWith
  }

  /** Whether the first sync has not come yet. */
  get isUntold(): boolean {
    return this.#log.isUntold
  }

  /** Whether a mark that is known refuses the token. */
  refuses(token: MarkedToken): boolean {
    return this.#log.refuses(token) !== null
  }

  /** Seconds. Infinity before the first sync, and when the wall clock stands behind what was forgotten. */
  staleness(): number {
    if (this.#log.lacks(this.#options.clock.now())) return Number.POSITIVE_INFINITY
    return this.#freshness.staleness()
  }

  /** Whether tokens are to be refused because of it. */
  get isStale(): boolean {
    // Written so that a clock which gives no number counts as stale
    return !(this.staleness() <= this.#options.revocation.maxStaleness)
  }

  status(): RevocationStatus {
    return Object.freeze({
      staleness: () => this.staleness(),
      cursor: () => this.#log.cursor ?? null,
      marks: () => this.#log.size,
      state: () => this.#loop.state,
    })
  }

  #tell(event: RevocationEvent): void {
    this.#emit(event)
    if (event.type !== 'head') return
    this.#synced.resolve()
    this.#noteFreshness()
  }

  #tick(): void {
    const { clock } = this.#options
    if (this.#log.lacks(clock.now())) {
      this.#freshness.drop()
      this.#log.recall()
      this.#loop.restart('clock-set-back')
    }
    if (Math.abs(clock.now() - this.#forgotAt) >= forgetEvery) {
      this.#forgotAt = clock.now()
      this.#log.forget(clock.now())
    }
    this.#loop.watch()
    this.#noteFreshness()
  }

  #noteFreshness(): void {
    const { steadyClock, revocation } = this.#options
    const isStale = this.isStale
    if (isStale === this.#isStale) return
    // A start is no failure as long as it takes no longer than staleness may
    const isStarting = this.#log.isUntold && steadyClock.now() - this.#startedAt <= revocation.maxStaleness
    if (isStale && isStarting) return
    this.#isStale = isStale
    this.#emit(isStale ? { type: 'stale', staleness: this.staleness() } : { type: 'fresh' })
  }
}

const tick = 0.25
const forgetEvery = 1
