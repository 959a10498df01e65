import { createMemoryRateLimiter, type RateLimiter } from '@jotwarden/authority'
import { rateLimiterSuite } from '@jotwarden/conformance'
import { expect, test } from 'vitest'

rateLimiterSuite(
  { open: async () => opened(createMemoryRateLimiter({ mostRows: 500 })), crowd: 2000 },
  { test },
)

/** Limiters that break one promise each, and the claim that must notice. */
const BREACHES: readonly (readonly [string, string, (limiter: RateLimiter) => RateLimiter])[] = [
  ['counts nothing', 'allows some failures', (it) => ({ ...bound(it), attempt: it.check.bind(it) })],
  [
    'asks first and counts later',
    'of 100 racing attempts',
    (it) => ({
      ...bound(it),
      async attempt(...given) {
        const outcome = await it.check(...given)
        if (outcome.outcome === 'allowed') await it.attempt(...given)
        return outcome
      },
    }),
  ],
  ['counts refusals', 'are not counted', (it) => ({ ...bound(it), check: it.attempt.bind(it) })],
  ['takes nothing back', 'withdraw takes back', (it) => ({ ...bound(it), withdraw: async () => {} })],
  [
    'takes back by what is known now',
    'after a success in between',
    (it) => ({
      ...bound(it),
      async withdraw(issuer, guess, _, now) {
        await it.withdraw(issuer, guess, (await it.check(issuer, guess, now)).isKnown, now)
      },
    }),
  ],
  ['knows nobody', 'is not held up', (it) => ({ ...bound(it), succeeded: async () => {} })],
  [
    'mixes issuers',
    'no issuer',
    (it) => ({ ...bound(it), check: (_, ...given) => it.check('https://auth.example', ...given) }),
  ],
]

for (const [breach, claim, breaking] of BREACHES) {
  test(`the suite notices a limiter that ${breach}`, async () => {
    const failed: string[] = []
    const runs: Promise<unknown>[] = []
    const notice = (name: string, run: () => Promise<void>) => runs.push(run().catch(() => failed.push(name)))
    const open = async () => opened(breaking(createMemoryRateLimiter({ mostRows: 500 })))
    rateLimiterSuite({ open, crowd: 2000 }, { test: notice })
    await Promise.all(runs)
    expect(failed.some((name) => name.includes(claim))).toBe(true)
  })
}

test('a crowd of names takes the place of what would be forgotten first, not more memory', async () => {
  const limiter = createMemoryRateLimiter({ mostRows: 10 })
  const fail = async (who: string, times: number) => {
    for (let count = 0; count < times; count += 1)
      await limiter.attempt('https://auth.example', { kind: 'login', who, network: null }, 1000 + count)
  }
  await fail('first', 4)
  for (let name = 0; name < 100; name += 1) await fail(`crowd-${name}`, 5)
  await fail('first', 4)
  const guess = { kind: 'login', who: 'first', network: null } as const
  expect(await limiter.check('https://auth.example', guess, 1010)).toMatchObject({ outcome: 'allowed' })
})

function opened(limiter: RateLimiter) {
  return { ...bound(limiter), close: async () => {} }
}

function bound(it: RateLimiter): RateLimiter {
  return {
    attempt: (...given) => it.attempt(...given),
    check: (...given) => it.check(...given),
    withdraw: (...given) => it.withdraw(...given),
    succeeded: (...given) => it.succeeded(...given),
  }
}
