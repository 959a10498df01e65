import type { Guess, GuessKind } from './rate-limiter.ts'

/** Failures in one bucket: `level` of them were not forgotten yet at `at` (seconds since the epoch). */
export interface Tally {
  readonly level: number
  readonly at: number
}

/** What a bucket counts by: the one who is guessed at from one network, from anywhere, or anyone from one network. */
export type BucketScope = 'pair' | 'who' | 'network'

export interface Bucket {
  readonly kind: GuessKind
  readonly scope: BucketScope
  readonly key: string
}

interface Rule {
  /** Attempts in a row before the first wait: people mistype. */
  readonly free: number
  /** Seconds to wait after the last of them; each further failure doubles it. */
  readonly first: number
  /** Seconds that nobody waits longer than. */
  readonly most: number
  /** Seconds in which one failure is forgotten. */
  readonly forget: number
}

/** Where the guess counts. From a network that has succeeded before, strangers elsewhere and neighbours do not. */
export function bucketsOf({ kind, who, network }: Guess, isKnown: boolean): readonly Bucket[] {
  const pair: Bucket = { kind, scope: 'pair', key: `${network ?? ''}\0${who}` }
  if (isKnown) return [pair]
  const buckets: readonly Bucket[] = [
    pair,
    { kind, scope: 'who', key: who },
    ...(network === null ? [] : [{ kind, scope: 'network', key: network } as const]),
  ]
  return buckets.filter(({ scope }) => SCOPES[kind].includes(scope))
}

/** Seconds until the bucket allows another attempt; 0 when it may be now. */
export function waitOf(bucket: Bucket, tally: Tally | undefined, now: number): number {
  if (tally === undefined) return 0
  const { free, first, most } = ruleOf(bucket)
  const beyond = Math.ceil(tally.level) - free
  if (beyond < 0) return 0
  // A clock that was set back must not lengthen the wait
  return Math.max(0, Math.min(most, first * 2 ** beyond) - Math.abs(now - tally.at))
}

/** The bucket after one more failure. It stops growing at the longest wait, so that what comes after an attack is bounded. */
export function counted(bucket: Bucket, tally: Tally | undefined, now: number): Tally {
  return { level: Math.min(remaining(bucket, tally, now) + 1, highestLevel(bucket)), at: now }
}

/** The bucket without one of its failures; undefined when none is left. */
export function withdrawn(bucket: Bucket, tally: Tally | undefined, now: number): Tally | undefined {
  const level = remaining(bucket, tally, now) - 1
  return tally === undefined || level <= 0 ? undefined : { level, at: now }
}

/** When the last failure in the bucket is forgotten (seconds since the epoch). */
export function forgottenAt(bucket: Bucket, { level, at }: Tally): number {
  return at + level * ruleOf(bucket).forget
}

function remaining(bucket: Bucket, tally: Tally | undefined, now: number): number {
  if (tally === undefined) return 0
  return Math.max(0, tally.level - Math.max(0, now - tally.at) / ruleOf(bucket).forget)
}

function highestLevel(bucket: Bucket): number {
  const { free, first, most } = ruleOf(bucket)
  return free + Math.ceil(Math.log2(most / first))
}

function ruleOf({ kind, scope }: Bucket): Rule {
  return RULES[`${kind}/${scope}`]
}

/**
 * A client's secret is 256 bits made by the authority, so that a count by client alone would protect nothing and give
 * strangers a way to hold it up; the same is true of codes and refresh tokens.
 */
const SCOPES: Readonly<Record<GuessKind, readonly BucketScope[]>> = {
  login: ['pair', 'who', 'network'],
  client: ['pair', 'network'],
  grant: ['pair'],
}

/** Without end, one network gets about two password guesses a minute, and one account one in five minutes from strangers. */
const RULES: Readonly<Record<`${GuessKind}/${BucketScope}`, Rule>> = {
  'login/pair': { free: 5, first: 2, most: 300, forget: 300 },
  'login/who': { free: 10, first: 1, most: 300, forget: 600 },
  'login/network': { free: 50, first: 1, most: 60, forget: 30 },
  'client/pair': { free: 20, first: 1, most: 60, forget: 30 },
  'client/who': { free: 20, first: 1, most: 60, forget: 30 },
  'client/network': { free: 100, first: 1, most: 60, forget: 10 },
  'grant/pair': { free: 100, first: 1, most: 10, forget: 1 },
  'grant/who': { free: 100, first: 1, most: 10, forget: 1 },
  'grant/network': { free: 100, first: 1, most: 10, forget: 1 },
}
