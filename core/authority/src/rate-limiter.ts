/** What somebody tries to guess: a person's password, a client's secret, or a code or refresh token. */
export type GuessKind = 'login' | 'client' | 'grant'

/** Whose secret is tried, and from where. */
export interface Guess {
  readonly kind: GuessKind
  /** A name that exists or does not: the limiter cannot tell, and treats all alike. Hashed where people type it. */
  readonly who: string
  /** Keyed hash of the network; null where no address is known, which then counts for nothing. */
  readonly network: string | null
}

export type GuessOutcome =
  /** `isKnown`: this `who` has succeeded from this network before. */
  | { readonly outcome: 'allowed'; readonly isKnown: boolean }
  /** Too many have failed; `seconds` from now it may be tried again. */
  | { readonly outcome: 'wait'; readonly seconds: number; readonly isKnown: boolean }

/**
 * Counts failed guesses and says how long the next one must wait. How long that is, is decided by `throttle.ts`, which every
 * implementation calls.
 *
 * Promises common to all: no call sees another issuer's counts; acts are atomic, also among racing callers; a refused
 * attempt is not counted, so that asking does not lengthen the wait; every wait is bounded; what is kept is bounded however
 * many names and networks strangers make up, and what was guessed at often is not forgotten for what was guessed at once.
 */
export interface RateLimiter {
  /**
   * Allows an attempt and counts it as failed, in one act, or says how long to wait and counts nothing: of racing callers no
   * more pass than would pass one after another.
   */
  attempt(issuer: string, guess: Guess, now: number): Promise<GuessOutcome>
  /** Says what `attempt` would, and counts nothing. */
  check(issuer: string, guess: Guess, now: number): Promise<GuessOutcome>
  /**
   * Takes back what `attempt` counted, because it came to nothing or succeeded. `wasKnown` is the `isKnown` of its outcome:
   * where it was counted depends on that, and it may be another by now.
   */
  withdraw(issuer: string, guess: Guess, wasKnown: boolean, now: number): Promise<void>
  /**
   * Counts a success: what failed for this `who` from this network is forgotten, and the network is known from now on, so
   * that what fails elsewhere, or for others in the network, no longer holds up this `who` from there.
   */
  succeeded(issuer: string, guess: Guess, now: number): Promise<void>
}
