import { equal, ok } from 'node:assert/strict'
import type { Guess, GuessOutcome, RateLimiter } from '@jotwarden/authority'
import { claimsOf } from './claim.ts'
import type { Runner } from './driver.ts'
import { race } from './race.ts'
import { same } from './same.ts'

/** The limiter under test; the suite closes what it opened. */
export interface RateLimiterDriver {
  open(): Promise<OpenedRateLimiter>
  /** Names that are made up to crowd out the rest; more than the limiter keeps. */
  readonly crowd: number
}

export type OpenedRateLimiter = RateLimiter & { close(): Promise<void> }

/** What `RateLimiter` promises. */
export function rateLimiterSuite(driver: RateLimiterDriver, runner: Runner): void {
  const claim = claimsOf<OpenedRateLimiter>('RateLimiter', driver, runner)

  claim('attempt allows some failures, then makes each wait longer, up to a bound', async (limiter) => {
    let now = T0
    const waits: number[] = []
    for (let count = 0; count < 40; count += 1) {
      const wait = await exhaust(limiter, ADA, now)
      waits.push(wait)
      now += wait
    }
    ok(
      waits.every((wait, index) => wait >= (waits[index - 1] ?? 0)),
      `the waits shrink: ${waits}`,
    )
    ok((waits[0] ?? 0) <= 5 && (waits.at(-1) ?? 0) > 30 && (waits.at(-1) ?? 0) <= 900, `waits: ${waits}`)
  })

  claim('attempt allows again once the seconds it named are over, and not before', async (limiter) => {
    const wait = await exhaust(limiter, ADA, T0)
    equal((await limiter.attempt(ISSUER, ADA, T0 + wait - 1)).outcome, 'wait')
    equal((await limiter.attempt(ISSUER, ADA, T0 + wait)).outcome, 'allowed')
  })

  claim('a refused attempt and a check are not counted', async (limiter) => {
    const wait = await exhaust(limiter, ADA, T0)
    for (let count = 0; count < 100; count += 1) {
      same(await limiter.attempt(ISSUER, ADA, T0), { outcome: 'wait', seconds: wait, isKnown: false })
      await limiter.check(ISSUER, ADA, T0 + wait)
    }
    equal((await limiter.attempt(ISSUER, ADA, T0 + wait)).outcome, 'allowed')
  })

  claim('of 100 racing attempts no more are allowed than one after another', async (limiter) => {
    const other = { ...ADA, who: 'bob', network: 'other' }
    let oneAfterAnother = 0
    for (let count = 0; count < 100; count += 1)
      if ((await limiter.attempt(ISSUER, other, T0)).outcome === 'allowed') oneAfterAnother += 1
    const answers = await race(100, () => limiter.attempt(ISSUER, ADA, T0))
    equal(answers.filter(({ outcome }) => outcome === 'allowed').length, oneAfterAnother)
  })

  claim('withdraw takes back what attempt counted', async (limiter) => {
    for (let count = 0; count < 1000; count += 1) {
      equal((await limiter.attempt(ISSUER, ADA, T0)).outcome, 'allowed')
      await limiter.withdraw(ISSUER, ADA, false, T0)
    }
  })

  claim('withdraw takes back all that was counted, also after a success in between', async (limiter) => {
    for (let place = 0; place < 100; place += 1) {
      const guess = { ...ADA, network: `place ${place}` }
      for (let count = 0; count < 3; count += 1)
        same(await limiter.attempt(ISSUER, guess, T0), { outcome: 'allowed', isKnown: false })
      for (let count = 0; count < 3; count += 1) {
        await limiter.withdraw(ISSUER, guess, false, T0)
        await limiter.succeeded(ISSUER, guess, T0)
      }
    }
  })

  claim('guesses from many networks at one name make strangers wait', async (limiter) => {
    equal((await fromEverywhere(limiter, 100)).outcome, 'wait')
    equal((await limiter.check(ISSUER, { ...ADA, who: 'bob', network: 'fresh' }, T0)).outcome, 'allowed')
  })

  claim('guesses at many names make their network wait, and no other', async (limiter) => {
    let last: GuessOutcome = await limiter.check(ISSUER, ADA, T0)
    for (let name = 0; name < 1000 && last.outcome === 'allowed'; name += 1)
      last = await limiter.attempt(ISSUER, { ...ADA, who: `name ${name}` }, T0)
    equal(last.outcome, 'wait')
    equal((await limiter.check(ISSUER, { ...ADA, network: 'elsewhere' }, T0)).outcome, 'allowed')
  })

  claim(
    'who has succeeded from a network is not held up there by strangers or neighbours',
    async (limiter) => {
      await limiter.succeeded(ISSUER, ADA, T0)
      await fromEverywhere(limiter, 100)
      for (let name = 0; name < 200; name += 1)
        await limiter.attempt(ISSUER, { ...ADA, who: `name ${name}` }, T0)
      same(await limiter.check(ISSUER, ADA, T0), { outcome: 'allowed', isKnown: true })
      ok((await exhaust(limiter, ADA, T0)) > 0, 'guesses from the known network itself still wait')
    },
  )

  claim('succeeded forgets what failed for this name from this network', async (limiter) => {
    await exhaust(limiter, ADA, T0)
    await limiter.succeeded(ISSUER, ADA, T0)
    equal((await limiter.check(ISSUER, ADA, T0)).outcome, 'allowed')
  })

  claim('no issuer and no kind sees the counts of another', async (limiter) => {
    await exhaust(limiter, ADA, T0)
    equal((await limiter.check('https://other.example', ADA, T0)).outcome, 'allowed')
    equal((await limiter.check(ISSUER, { ...ADA, kind: 'client' }, T0)).outcome, 'allowed')
  })

  claim('an unknown address counts for nothing but the name', async (limiter) => {
    for (let name = 0; name < 200; name += 1)
      equal(
        (await limiter.attempt(ISSUER, { ...ADA, who: `name ${name}`, network: null }, T0)).outcome,
        'allowed',
      )
  })

  claim('names that are made up do not crowd out the one that is guessed at', async (limiter) => {
    await fromEverywhere(limiter, 100)
    for (let count = 0; count < driver.crowd; count += 1)
      await limiter.attempt(ISSUER, { kind: 'login', who: `crowd ${count}`, network: `net ${count}` }, T0)
    equal((await limiter.check(ISSUER, { ...ADA, network: 'fresh' }, T0)).outcome, 'wait')
  })
}

/** Attempts until it must wait; how long. */
async function exhaust(limiter: RateLimiter, guess: Guess, now: number): Promise<number> {
  for (let count = 0; count < 1000; count += 1) {
    const outcome = await limiter.attempt(ISSUER, guess, now)
    if (outcome.outcome === 'wait') return outcome.seconds
  }
  throw new Error('1000 attempts were allowed')
}

/** Guesses at one name, each from a network of its own; the last answer. */
async function fromEverywhere(limiter: RateLimiter, networks: number): Promise<GuessOutcome> {
  let last: GuessOutcome = await limiter.check(ISSUER, ADA, T0)
  for (let count = 0; count < networks; count += 1)
    last = await limiter.attempt(ISSUER, { ...ADA, network: `network ${count}` }, T0)
  return last
}

const ISSUER = 'https://auth.example'
const T0 = 1_800_000_000
const ADA: Guess = { kind: 'login', who: 'ada', network: 'home' }
