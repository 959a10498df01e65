import { createKeyring, type KeyPlan } from '@jotwarden/keyring'
import { createFileKeyStore, kekFromText } from '@jotwarden/keystore-file'
import { createMemoryStores } from '@jotwarden/store-memory'
import { Secret } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { createStandingPlans } from '../src/state/standing-plans.ts'

describe('createStandingPlans()', () => {
  const time = { now: 0 }
  const clock = { now: () => time.now }

  test('counts the longest life and the longest kept key set until nothing of them is left', () => {
    time.now = 1000
    const plans = createStandingPlans(planOf(3600, 300), clock)
    plans.follow(planOf(60, 30))
    plans.follow(planOf(120, 20))
    expect(plans.plan).toMatchObject({
      jwksMaxAge: 300,
      purposes: { 'token-signing': { longestLife: 3600 } },
    })
    time.now = 1000 + 3600 + LEASE
    expect(plans.plan).toMatchObject({
      jwksMaxAge: 300,
      purposes: { 'token-signing': { longestLife: 3600 } },
    })
    time.now = 1000 + 3600 + 600
    expect(plans.plan).toEqual(planOf(120, 20))
  })

  test('lengthened lifetimes count at once, and periods are always those of the latest', () => {
    const plans = createStandingPlans(planOf(60, 30, 500), clock)
    plans.follow(planOf(3600, 300, 100))
    expect(plans.plan).toEqual(planOf(3600, 300, 100))
    plans.follow(planOf(60, 30, 900))
    expect(plans.plan.purposes['token-signing']).toEqual({ longestLife: 3600, rotationPeriod: 900 })
  })

  test('keeps the cryptoperiod and the volume of the latest while earlier plans stand', () => {
    const plans = createStandingPlans(limited(500, 2_000_000), clock)
    plans.follow(limited(700, 3_000_000))
    expect(plans.plan).toEqual(limited(700, 3_000_000))
    plans.follow(planOf(3600, 300))
    expect(plans.plan).toEqual(planOf(3600, 300))
  })
})

// No log tells when ID tokens and logins end: what was issued is known by the plans alone.
test('lifetimes that are shortened and lengthened by turns never remove a key too early, nor sign by one that a verifier could not know', async () => {
  const seen = { removed: 0, signers: new Set<string>() }
  for (let seed = 1; seed <= 3; seed += 1) await liveThrough(seed, seen)
  expect(seen.removed).toBeGreaterThan(10)
  expect(seen.signers.size).toBeGreaterThan(20)
})

/** Eight hours in which the configuration changes every now and then. */
async function liveThrough(seed: number, seen: { removed: number; readonly signers: Set<string> }) {
  const time = { now: 1_800_000_000 }
  const clock = { now: () => time.now }
  const next = chanceOf(seed)
  const pick = (from: readonly number[]) => from[Math.floor(next() * from.length)] ?? 0
  let present = planOf(3600, 300)
  const plans = createStandingPlans(present, clock)
  const { keys: records } = createMemoryStores()
  const schedule = {
    get plan() {
      return plans.plan
    },
    latestEnd: async () => 0,
  }
  const keyring = createKeyring({ issuer: ISSUER, records, store: fileStore(), clock, schedule })
  await keyring.open()
  let issued: { readonly kid: string; readonly exp: number }[] = []
  let copies: { readonly kids: readonly string[]; readonly until: number }[] = []
  for (const end = time.now + 8 * 3600; time.now < end; time.now += 30) {
    const steps = await keyring.tend()
    seen.removed += steps.filter(({ act }) => act === 'remove').length
    await keyring.refresh()
    if (next() < 0.02) {
      present = planOf(pick([30, 300, 3600, 7200]), pick([10, 300, 1800]), pick([600, 1800]))
      plans.follow(present)
    }
    const kids = keyring.jwks().keys.map(({ kid = '' }) => kid)
    issued = issued.filter(({ exp }) => exp > time.now)
    copies = copies.filter(({ until }) => until > time.now)
    if (issued.some(({ kid }) => !kids.includes(kid))) throw new Error(`seed ${seed}: removed too early`)
    const { kid } = keyring.signer()
    if (copies.some((copy) => !copy.kids.includes(kid))) throw new Error(`seed ${seed}: signed too early`)
    seen.signers.add(kid)
    issued.push({ kid, exp: time.now + present.purposes['token-signing'].longestLife })
    copies.push({ kids, until: time.now + present.jwksMaxAge })
  }
}

function planOf(longestLife: number, jwksMaxAge: number, rotationPeriod = 600): KeyPlan {
  const purpose = { longestLife, rotationPeriod }
  return {
    jwksMaxAge,
    propagation: 5,
    skew: 5,
    lease: LEASE,
    purposes: { 'token-signing': purpose, 'refresh-mac': purpose, sealing: purpose },
  }
}

function limited(cryptoperiod: number, rotationVolume: number): KeyPlan {
  const plan = planOf(3600, 300)
  const purpose = { ...plan.purposes.sealing, cryptoperiod, rotationVolume }
  return { ...plan, purposes: { 'token-signing': purpose, 'refresh-mac': purpose, sealing: purpose } }
}

function fileStore() {
  return createFileKeyStore({ kek: kekFromText(Secret.fromText(`${'B'.repeat(42)}A`)) })
}

/** The same numbers for the same seed, from 0 to 1. */
function chanceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const ISSUER = 'https://auth.example.com'
const LEASE = 15
