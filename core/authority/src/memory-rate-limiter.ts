import type { Guess, GuessOutcome, RateLimiter } from './rate-limiter.ts'
import { type Bucket, bucketsOf, counted, forgottenAt, type Tally, waitOf, withdrawn } from './throttle.ts'

interface Row {
  readonly bucket: Bucket
  readonly tally: Tally
}

/** Counts in this process: a second process on the same store counts for itself, and a restart forgets. */
export function createMemoryRateLimiter(
  options: {
    /** Buckets of each scope that are kept; 50000 unless given. */
    readonly mostRows?: number
  } = {},
): RateLimiter {
  return new MemoryRateLimiter(options.mostRows ?? 50_000)
}

/** Each act runs to its end without waiting for anything, and is atomic thereby. */
class MemoryRateLimiter implements RateLimiter {
  readonly #mostRows: number
  readonly #tables = new Map<string, Map<string, Row>>()
  /** By whom, the networks they succeeded from, the latest last. */
  readonly #known = new Map<string, Set<string>>()

  constructor(mostRows: number) {
    this.#mostRows = mostRows
  }

  async attempt(issuer: string, guess: Guess, now: number): Promise<GuessOutcome> {
    const outcome = this.#outcome(issuer, guess, now)
    if (outcome.outcome === 'allowed') {
      for (const bucket of bucketsOf(guess, outcome.isKnown))
        this.#write(issuer, bucket, counted(bucket, this.#read(issuer, bucket), now), now)
    }
    return outcome
  }

  async check(issuer: string, guess: Guess, now: number): Promise<GuessOutcome> {
    return this.#outcome(issuer, guess, now)
  }

  async withdraw(issuer: string, guess: Guess, wasKnown: boolean, now: number): Promise<void> {
    for (const bucket of bucketsOf(guess, wasKnown))
      this.#write(issuer, bucket, withdrawn(bucket, this.#read(issuer, bucket), now), now)
  }

  async succeeded(issuer: string, guess: Guess, now: number): Promise<void> {
    const [pair] = bucketsOf(guess, true)
    if (pair !== undefined) this.#write(issuer, pair, undefined, now)
    if (guess.network === null) return
    const key = `${issuer}\0${guess.kind}\0${guess.who}`
    const networks = this.#known.get(key) ?? new Set()
    networks.delete(guess.network)
    networks.add(guess.network)
    if (networks.size > MOST_NETWORKS) dropFirst(networks)
    this.#known.delete(key)
    this.#known.set(key, networks)
    if (this.#known.size > this.#mostRows) dropFirst(this.#known)
  }

  #outcome(issuer: string, guess: Guess, now: number): GuessOutcome {
    const isKnown = this.#isKnown(issuer, guess)
    const waits = bucketsOf(guess, isKnown).map((one) => waitOf(one, this.#read(issuer, one), now))
    const seconds = Math.ceil(Math.max(...waits))
    return seconds > 0 ? { outcome: 'wait', seconds, isKnown } : { outcome: 'allowed', isKnown }
  }

  #isKnown(issuer: string, { kind, who, network }: Guess): boolean {
    return network !== null && this.#known.get(`${issuer}\0${kind}\0${who}`)?.has(network) === true
  }

  #read(issuer: string, bucket: Bucket): Tally | undefined {
    return this.#tables.get(tableOf(bucket))?.get(`${issuer}\0${bucket.key}`)?.tally
  }

  #write(issuer: string, bucket: Bucket, tally: Tally | undefined, now: number): void {
    const table = this.#tables.get(tableOf(bucket)) ?? new Map<string, Row>()
    this.#tables.set(tableOf(bucket), table)
    const key = `${issuer}\0${bucket.key}`
    table.delete(key)
    if (tally === undefined) return
    table.set(key, { bucket, tally })
    makeRoom(table, this.#mostRows, now)
  }
}

/** Takes out what is forgotten among the oldest rows, or, with too many, the one of them that would be forgotten first. */
function makeRoom(table: Map<string, Row>, most: number, now: number): void {
  let soonest: { readonly key: string; readonly end: number } | undefined
  let looked = 0
  for (const [key, { bucket, tally }] of table) {
    if (looked === LOOKED_AT) break
    looked += 1
    const end = forgottenAt(bucket, tally)
    if (end <= now) table.delete(key)
    else if (soonest === undefined || end < soonest.end) soonest = { key, end }
  }
  if (table.size > most && soonest !== undefined) table.delete(soonest.key)
}

function dropFirst(kept: Set<string> | Map<string, unknown>): void {
  const [first] = kept.keys()
  if (first !== undefined) kept.delete(first)
}

function tableOf({ kind, scope }: Bucket): string {
  return `${kind}/${scope}`
}

/** Networks that are known for one name: home, work, telephone. More would let one account crowd out the others'. */
const MOST_NETWORKS = 8
const LOOKED_AT = 16
