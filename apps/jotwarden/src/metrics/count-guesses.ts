import type { GuessKind, GuessOutcome, RateLimiter } from '@jotwarden/authority'
import type { Registry } from './registry.ts'

/** The same limiter, whose refusals are counted: of events there is one a second at most. */
export function countGuesses(limiter: RateLimiter, registry: Registry): RateLimiter {
  for (const kind of ['login', 'client', 'grant'])
    registry.add('jotwarden_throttled_attempts_total', [kind], 0)
  const refused = (kind: GuessKind): void => {
    registry.add('jotwarden_throttled_attempts_total', [kind])
    if (kind === 'login') registry.add('jotwarden_sign_ins_total', ['throttled'])
  }
  return {
    async attempt(issuer, guess, now) {
      const outcome = await limiter.attempt(issuer, guess, now)
      if (outcome.outcome === 'wait') refused(guess.kind)
      return outcome
    },
    // Asked for credentials that are right: from where they were right before, they pass
    async check(issuer, guess, now) {
      const outcome: GuessOutcome = await limiter.check(issuer, guess, now)
      if (outcome.outcome === 'wait' && !outcome.isKnown) refused(guess.kind)
      return outcome
    },
    withdraw: (...given) => limiter.withdraw(...given),
    succeeded: (issuer, guess, now) => limiter.succeeded(issuer, guess, now),
  }
}
