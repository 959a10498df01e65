import type { KeyPlan } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'
import { plan } from './sample-plan.ts'
import { simulate, type World } from './simulated-fleet.ts'

/** Tokens outlive nothing else here, so that keys leave as early as they may. */
const tight: KeyPlan = {
  ...plan,
  purposes: { ...plan.purposes, 'token-signing': { rotationPeriod: 30 * 86_400, longestLife: 600 } },
}
const world: World = { days: 365, seed: 20_261_125, plan: tight, jwksMaxAge: 300, sessionLifetime: 604_800 }

describe('a year of two nodes with skewed and paused clocks', () => {
  test('no foreign verifier meets a signer it could not know, no session or sign-in loses its key', async () => {
    const { unknownSigners, lostSecrets, rotations, checks } = await simulate(world)
    expect(unknownSigners).toEqual([])
    expect(lostSecrets).toEqual([])
    expect(rotations['token-signing']).toBeGreaterThanOrEqual(20)
    expect(rotations['refresh-mac']).toBeGreaterThanOrEqual(11)
    expect(rotations.sealing).toBeGreaterThanOrEqual(50)
    expect(checks).toBeGreaterThan(100_000)
  }, 120_000)
})

describe('the same nodes by a plan that leaves something out', () => {
  const purposes = (changed: Partial<KeyPlan['purposes']>) => ({
    ...tight,
    purposes: { ...tight.purposes, ...changed },
  })
  const wrong: readonly (readonly [string, KeyPlan, 'unknownSigners' | 'lostSecrets'])[] = [
    ['for how long verifiers keep the key set', { ...tight, jwksMaxAge: 0 }, 'unknownSigners'],
    [
      'how long tokens live',
      purposes({ 'token-signing': { rotationPeriod: 30 * 86_400, longestLife: 0 } }),
      'unknownSigners',
    ],
    [
      'how long sessions last',
      purposes({ 'refresh-mac': { rotationPeriod: 30 * 86_400, longestLife: 86_400 } }),
      'lostSecrets',
    ],
  ]
  for (const [name, plan, what] of wrong)
    test(`is caught: ${name}`, async () => {
      const outcome = await simulate({ ...world, days: 90, plan })
      expect(outcome[what].length).toBeGreaterThan(0)
    }, 60_000)
})
