import { createKeyring, dueSteps, type KeyPlan, type KeyRecord, plannedSteps } from '@jotwarden/keyring'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

describe('whatever the plan and whenever somebody looks after the keys', () => {
  test('no key is active before it is known, none goes while anything by it is valid, and a spare stands', async () => {
    await fc.assert(
      fc.asyncProperty(plans(), jumps(), latestEnds(), async (plan, times, latest) => {
        const { records, keyring, clock } = await planned(plan, latest)
        for (const jump of times) {
          clock.time += jump
          await keyring.tend()
          const listed = await records.list(issuer)
          for (const purpose of ['token-signing', 'refresh-mac', 'sealing']) {
            const states = listed.filter((record) => record.purpose === purpose).map(({ state }) => state)
            expect(states.filter((state) => state === 'active')).toHaveLength(1)
            expect(states).toContain('pending')
          }
        }
        for (const record of await records.list(issuer)) expectPromise(record, plan, latest)
      }),
      { numRuns: 200 },
    )
  })

  test('tending twice at one moment takes nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(plans(), jumps(), async (plan, times) => {
        const { records, keyring, clock } = await planned(plan, 0)
        for (const jump of times) {
          clock.time += jump
          await keyring.tend()
          const before = await records.list(issuer)
          expect(await keyring.tend()).toEqual([])
          expect(await records.list(issuer)).toEqual(before)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('of two nodes at one moment one changes states, and the same keys are active for both', async () => {
    await fc.assert(
      fc.asyncProperty(plans(), jumps(), async (plan, times) => {
        const { records, keyring, other, clock } = await planned(plan, 0)
        for (const jump of times) {
          clock.time += jump
          const taken = await Promise.all([keyring.tend(), other.tend()])
          const changes = taken.map((steps) => steps.filter(({ act }) => act !== 'make').length)
          expect(Math.min(...changes)).toBe(0)
          await Promise.all([keyring.refresh(), other.refresh()])
          expect(keyring.signer().kid).toBe(other.signer().kid)
        }
        const activations = records.events.filter(({ type }) => type === 'key-activated')
        expect(new Set(activations.map(({ kid }) => kid)).size).toBe(activations.length)
      }),
      { numRuns: 50 },
    )
  })
})

describe('plannedSteps()', () => {
  test('plans the next dates of every key, earliest first, each with its reason', async () => {
    const { records } = await planned(plan, 0)
    const steps = plannedSteps({ records: await records.list(issuer), now: 1000, plan })
    expect(steps.map(({ act, purpose, at, reason }) => [act, purpose, at, reason])).toEqual([
      ['retire', 'sealing', 1000 + 7 * 86_400, 'age'],
      ['activate', 'sealing', 1000 + 7 * 86_400, 'age'],
      ['retire', 'token-signing', 1000 + 30 * 86_400, 'age'],
      ['activate', 'token-signing', 1000 + 30 * 86_400, 'age'],
      ['retire', 'refresh-mac', 1000 + 30 * 86_400, 'age'],
      ['activate', 'refresh-mac', 1000 + 30 * 86_400, 'age'],
    ])
  })

  test('replaces a key that has been used enough as soon as its successor is known everywhere', async () => {
    const { records, keyring } = await planned(plan, 0)
    const listed = await records.list(issuer)
    const worn = new Set([keyring.signer().kid])
    expect(dueSteps({ records: listed, now: 1434, plan, worn })).toEqual([])
    const due = dueSteps({ records: listed, now: 1435, plan, worn })
    expect(due.map(({ act, purpose, reason }) => [act, purpose, reason])).toEqual([
      ['retire', 'token-signing', 'use'],
      ['activate', 'token-signing', 'use'],
    ])
  })

  test('of several spares takes the one that was announced first', async () => {
    const { records, keyring } = await planned(plan, 0)
    const listed = await records.list(issuer)
    const spare = listed.find(({ purpose, state }) => purpose === 'token-signing' && state === 'pending')
    if (spare === undefined) throw new Error('no spare stands')
    const later = { ...spare, kid: 'later', announcedAt: 5000 }
    const worn = new Set([keyring.signer().kid])
    for (const all of [
      [...listed, later],
      [later, ...listed],
    ]) {
      const due = dueSteps({ records: all, now: 1_000_000, plan, worn })
      const taken = due.find(({ act, purpose }) => act === 'activate' && purpose === 'token-signing')
      expect(taken).toMatchObject({ kid: spare.kid })
    }
  })

  for (const state of ['suspended', 'compromised'] as const)
    test(`leaves a key that is ${state}, and a purpose without an active key, to people`, async () => {
      const { records, keyring, clock } = await planned(plan, 0)
      const { kid } = keyring.signer()
      await records.transition(issuer, [{ kid, version: 1, to: state, at: 1000 }], [])
      clock.time += 365 * 86_400
      await keyring.refresh()
      await keyring.tend()
      const signing = (await records.list(issuer)).filter(({ purpose }) => purpose === 'token-signing')
      expect(signing.map((record) => record.state).toSorted()).toEqual(['pending', state].toSorted())
    })
})

describe('Keyring.tend()', () => {
  test('replaces a signer, destroys its private part when no node signs with it, and removes it last', async () => {
    const { records, keyring, clock } = await planned(plan, 0)
    const old = keyring.signer().kid
    const course: [number, string][] = []
    for (const end = clock.time + 31 * 86_400; clock.time < end; clock.time += 60) {
      for (const step of await keyring.tend())
        if (step.act !== 'make' && step.kid === old) course.push([step.at - 1000 - 30 * 86_400, step.act])
      await keyring.renew()
    }
    expect(course).toEqual([
      [0, 'retire'],
      [75, 'disarm'],
      [15 + 28_800 + 60 + 180, 'remove'],
    ])
    expect(records.events.filter(({ kid }) => kid === old).map(({ cause }) => cause)).toEqual([
      'first-start',
      'first-start',
      'retiring',
      'private-part-destroyed',
      'retired',
    ])
  })

  test('removes at once what nobody looked after until both its dates had passed', async () => {
    const { records, keyring, clock } = await planned(plan, 0)
    const old = keyring.signer().kid
    clock.time += 31 * 86_400
    await keyring.renew()
    await keyring.tend()
    clock.time += 31 * 86_400
    await keyring.renew()
    await keyring.tend()
    const record = (await records.list(issuer)).find(({ kid }) => kid === old)
    expect(record).toMatchObject({ state: 'retired', wrapped: null })
  })

  test('throws without a schedule, and rotate() too', async () => {
    const records = new MemoryKeyRecords()
    const keyring = createKeyring({ issuer, records, store: new PlainKeyStore(), clock: { now: () => 1 } })
    await keyring.open()
    const refused = expect.objectContaining({ code: 'keyring/no-schedule' })
    await expect(keyring.tend()).rejects.toEqual(refused)
    await expect(keyring.rotate('sealing')).rejects.toEqual(refused)
  })
})

describe('Keyring.rotate()', () => {
  test('takes the spare at once when it is known everywhere, and else says when', async () => {
    const { keyring, clock } = await planned(plan, 0)
    const first = keyring.signer().kid
    clock.time = 5000
    await keyring.renew()
    const rotated = await keyring.rotate('token-signing')
    expect(rotated).toEqual({ outcome: 'rotated', kid: keyring.signer().kid })
    expect(keyring.signer().kid).not.toBe(first)
    const again = await keyring.rotate('token-signing')
    expect(again).toMatchObject({ outcome: 'too-early', kid: keyring.signer().kid, at: 5435 })
    clock.time = 5435
    await keyring.renew()
    expect(await keyring.rotate('token-signing')).toMatchObject({
      outcome: 'rotated',
      kid: again.outcome === 'too-early' ? again.next : '',
    })
  })
})

describe('the lease', () => {
  test('once it has run out, nothing is signed, sealed or tagged before the records are read again', async () => {
    const { keyring, records, clock } = await planned(plan, 0)
    const { lists } = records
    clock.time += 14.9
    await keyring.renew()
    expect([keyring.signer().alg, records.lists]).toEqual(['ES256', lists])
    clock.time += 0.1
    const refused = expect.objectContaining({ code: 'keyring/lease' })
    for (const use of [() => keyring.signer(), () => keyring.macKey(), () => keyring.sealKey()])
      expect(use).toThrow(refused)
    await Promise.all([keyring.renew(), keyring.renew()])
    expect([keyring.signer().alg, records.lists]).toEqual(['ES256', lists + 1])
  })

  test('counts from the beginning of the reading, and is over when the clock was set back', async () => {
    const { keyring, records, clock } = await planned(plan, 0)
    const list = records.list.bind(records)
    records.list = (of) => {
      clock.time += 16
      return list(of)
    }
    await keyring.refresh()
    expect(() => keyring.signer()).toThrow(expect.objectContaining({ code: 'keyring/lease' }))
    records.list = list
    await keyring.renew()
    clock.time -= 100
    expect(() => keyring.signer()).toThrow(expect.objectContaining({ code: 'keyring/lease' }))
  })
})

/** Two nodes over the same records, at one time that only the test moves. */
async function planned(plan: KeyPlan, latestEnd: number) {
  const records = new MemoryKeyRecords()
  const store = new PlainKeyStore()
  const clock = { time: 1000, now: () => clock.time }
  const schedule = { plan, latestEnd: async () => latestEnd }
  const keyring = createKeyring({ issuer, records, store, clock, schedule })
  const other = createKeyring({ issuer, records, store, clock, schedule })
  await keyring.open()
  await other.open()
  return { records, keyring, other, clock }
}

/** Said anew, so that a wrong formula does not vouch for itself. */
function expectPromise(record: KeyRecord, plan: KeyPlan, latest: number): void {
  const { purpose, activatedAt, createdAt, retiringAt, retiredAt } = record
  const isFirst = createdAt === 1000 && activatedAt === 1000
  const announced = purpose === 'token-signing' ? plan.jwksMaxAge + plan.propagation : plan.lease
  if (activatedAt !== null && !isFirst) expect(activatedAt).toBeGreaterThanOrEqual(createdAt + announced)
  if (retiredAt === null || retiringAt === null) return
  const { longestLife } = plan.purposes[purpose]
  expect(retiredAt).toBeGreaterThanOrEqual(
    retiringAt + plan.lease + longestLife + plan.skew + plan.propagation,
  )
  expect(retiredAt).toBeGreaterThanOrEqual(latest + plan.skew + plan.propagation)
}

function plans(): fc.Arbitrary<KeyPlan> {
  const seconds = (most: number) => fc.integer({ min: 0, max: most })
  const purpose = fc.record({ rotationPeriod: fc.integer({ min: 1, max: 5000 }), longestLife: seconds(5000) })
  return fc.record({
    jwksMaxAge: seconds(900),
    propagation: seconds(300),
    skew: seconds(120),
    lease: fc.integer({ min: 1, max: 60 }),
    purposes: fc.record({ 'token-signing': purpose, 'refresh-mac': purpose, sealing: purpose }),
  })
}

function jumps(): fc.Arbitrary<number[]> {
  const jump = fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 20_000 }))
  return fc.array(jump, { minLength: 1, maxLength: 25 })
}

function latestEnds(): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60_000 }))
}
