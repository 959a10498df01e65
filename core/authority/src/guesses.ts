import type { Keyring } from '@jotwarden/keyring'
import { type Clock, keyedHash } from '@jotwarden/token'
import type { PasswordVerdict } from './account-store.ts'
import type { Client } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import { normalized } from './local-accounts.ts'
import type { NetworkHash } from './network.ts'
import type { Hold } from './password-hasher.ts'
import type { Guess, RateLimiter } from './rate-limiter.ts'
import type { EventStore, SecurityEvent } from './security-event.ts'
import { createTurns } from './turns.ts'

export interface GuessesParts {
  readonly issuer: string
  readonly limiter: RateLimiter
  readonly events: EventStore
  readonly keyring: Keyring
  readonly network: NetworkHash
  readonly clock: Clock
}

export type LoginVerdict =
  | PasswordVerdict
  | { readonly verdict: 'throttled' /** Until it may be tried again. */; readonly seconds: number }

/** What a client showed: what it has, or what it has not, or has no more. */
export type Shown = 'proven' | 'wrong-credentials' | 'ended-secret'

/** Stands in front of everything that can be guessed. Addresses are given as text. */
export interface Guesses {
  /** Checks a password, unless too many were wrong; one that must wait is not looked at, and costs nothing. */
  login(
    username: string,
    address: string | undefined,
    verify: (hold: Hold) => Promise<PasswordVerdict>,
  ): Promise<LoginVerdict>
  /**
   * Counts what came of a client's credential, which is cheap to check. The right one is refused too while its network
   * must wait, unless it came from there before: a neighbour's old secret must not hold up the rest. Throws `authority/throttled`.
   */
  client(id: string, client: Client | undefined, address: string | undefined, shown: Shown): Promise<void>
  /** Runs a grant for a public client, unless too many codes and refresh tokens were wrong. Throws `authority/throttled`. */
  grant<Answer>(client: string, address: string | undefined, run: () => Promise<Answer>): Promise<Answer>
}

export function createGuesses(parts: GuessesParts): Guesses {
  const { issuer, limiter, events, clock, network, keyring } = parts
  const turns = createTurns({ width: CHECKED_AT_ONCE, most: MOST_WAITING })
  const noted = new Map<string, number>()

  function loginGuess(username: string, address: string | undefined): Guess {
    // Hosts may be lenient with spaces and case; another spelling must not be another count
    const name = normalized(username.slice(0, 1024)).replace(/\s/g, '')
    const who = keyedHash(keyring.macKey(), 'jotwarden/guess', `${issuer}\0${name}`)
    return { kind: 'login', who, network: network(address) }
  }

  async function login(
    username: string,
    address: string | undefined,
    verify: (hold: Hold) => Promise<PasswordVerdict>,
  ): Promise<LoginVerdict> {
    const guess = loginGuess(username, address)
    const attempt = await limiter.attempt(issuer, guess, clock.now())
    if (attempt.outcome === 'wait') {
      await note({ type: 'login-throttled', aggregate: '' })
      return { verdict: 'throttled', seconds: attempt.seconds }
    }
    const takeBack = () => limiter.withdraw(issuer, guess, attempt.isKnown, clock.now())
    const held: Promise<void>[] = []
    const verdict = await verified(guess.network, () => verify((until) => held.push(until)), takeBack)
    // Out of turn: who is refused waits, and nobody behind them
    await Promise.all(held)
    if (verdict.verdict === 'refused') return verdict
    await takeBack()
    if (verdict.verdict === 'accepted') await limiter.succeeded(issuer, guess, clock.now())
    return verdict
  }

  /** The hasher's queue is one for all: whoever floods it waits behind their own requests. */
  async function verified(
    from: string | null,
    verify: () => Promise<PasswordVerdict>,
    takeBack: () => Promise<void>,
  ): Promise<PasswordVerdict> {
    try {
      const verdict = await turns.take(from, verify)
      return verdict === 'crowded' ? { verdict: 'busy' } : verdict
    } catch (error) {
      await takeBack()
      throw error
    }
  }

  async function client(
    id: string,
    found: Client | undefined,
    address: string | undefined,
    shown: Shown,
  ): Promise<void> {
    const isProven = shown === 'proven'
    // All unknown ids together: nobody can make up names to be counted apart
    const guess = { kind: 'client', who: found === undefined ? '' : id, network: network(address) } as const
    const now = clock.now()
    const about = found === undefined ? { aggregate: '' } : { aggregate: found.id, client: found.id }
    const { isKnown, ...allowed } = isProven
      ? await limiter.check(issuer, guess, now)
      : await limiter.attempt(issuer, guess, now)
    if (allowed.outcome === 'wait' && !(isProven && isKnown)) {
      await note({ type: 'client-throttled', ...about })
      throw throttled('Cannot authenticate the client', allowed.seconds)
    }
    if (shown === 'proven') return isKnown ? undefined : limiter.succeeded(issuer, guess, now)
    const cause = found === undefined ? 'unknown-client' : shown
    // Counted apart, or an instance with an old secret would not be seen among guesses
    const aggregate = shown === 'ended-secret' ? `${about.aggregate} ${shown}` : about.aggregate
    await events.record(issuer, [{ type: 'client-refused', at: now, cause, ...about, aggregate }])
  }

  async function grant<Answer>(
    who: string,
    address: string | undefined,
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    const guess = { kind: 'grant', who, network: network(address) } as const
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof AuthorityError) || error.code !== 'oauth/invalid_grant') throw error
      // Only after it was looked at: nobody guesses 256 bits, and a neighbour must not hold up those who have the right ones
      const allowed = await limiter.attempt(issuer, guess, clock.now())
      if (allowed.outcome !== 'wait') throw error
      await note({ type: 'grant-throttled', aggregate: who, client: who })
      throw throttled('Cannot grant the request', allowed.seconds)
    }
  }

  /** At most one write a second for each kind and client: refusing must stay cheaper than asking. */
  async function note(event: Omit<SecurityEvent, 'at'>): Promise<void> {
    const at = clock.now()
    const key = `${event.type}\0${event.aggregate}`
    if (Math.floor(noted.get(key) ?? 0) === Math.floor(at)) return
    noted.set(key, at)
    await events.record(issuer, [{ ...event, at }])
  }

  return { login, client, grant }
}

function throttled(act: string, seconds: number): AuthorityError {
  return new AuthorityError('authority/throttled', `${act}: too many attempts have failed`, {
    retryAfter: seconds,
  })
}

/** Below the bound of a hasher's queue, so that it never says busy to one for what others sent. */
const CHECKED_AT_ONCE = 16
/** Sign-ins that wait for a check; at about 30 ms each, the last waits some seconds. */
const MOST_WAITING = 128
