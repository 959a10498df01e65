import { createKeyring, type KeyPlan, keyPurposes } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

const MOST = 2 ** 32
const VOLUME = expect.objectContaining({ code: 'keyring/volume' })

describe('sealing, which is AES-GCM with random nonces', () => {
  test('a key is used 2^32 times at most, and then refuses', async () => {
    expect(keyPurposes.sealing.mostUses).toBe(MOST)
    const { node, records, sealing, settled } = await world(plan)
    records.tamper((await sealing()).kid, { uses: MOST - 10 })
    const keyring = await node()
    for (let use = 0; use < 10; use += 1) keyring.sealKey()
    await settled()
    expect(() => keyring.sealKey()).toThrow(VOLUME)
    await keyring.refresh()
    expect(() => keyring.sealKey()).toThrow(VOLUME)
    expect((await sealing()).uses).toBe(MOST)
    expect(() => keyring.signer()).not.toThrow()
  })

  test('two nodes and one that died: what was used is never more than the record says', async () => {
    const { node, sealing, settled } = await world(plan)
    let used = 0
    for (let life = 0; life < 20; life += 1) {
      const nodes = [await node(), await node()]
      for (let use = 0; use < 137 * (life + 1); use += 1) {
        for (const keyring of nodes) {
          await keyring.renew()
          keyring.sealKey()
          used += 1
        }
        await settled()
      }
      // Both die here, with what they had taken
      expect((await sealing()).uses).toBeGreaterThanOrEqual(used)
    }
    expect(used).toBe(137 * 210 * 2)
  })

  test('a store that gives no uses lets a node go on with those that it has, and no further', async () => {
    const { node, records, settled } = await world(plan)
    const keyring = await node()
    records.reserve = async () => {
      throw new Error('The store is full')
    }
    for (let use = 0; use < 1024; use += 1) keyring.sealKey()
    await settled()
    expect(() => keyring.sealKey()).toThrow(VOLUME)
    await keyring.refresh()
    expect(() => keyring.sealKey()).toThrow(VOLUME)
  })

  test('a node goes on with the key before until the store has given uses of the new one', async () => {
    const { node, records, sealing, clock } = await world(plan)
    const [keyring, other] = [await node(), await node()]
    const old = await sealing()
    clock.time += 200
    await keyring.renew()
    records.tamper(old.kid, { uses: MOST / 2 })
    await other.tend()
    const gate = Promise.withResolvers<void>()
    const reserve = records.reserve.bind(records)
    records.reserve = async (...asked) => {
      await gate.promise
      return reserve(...asked)
    }
    const read = keyring.refresh()
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve()
    expect(keyring.sealKey().kid).toBe(old.kid)
    gate.resolve()
    await read
    expect(keyring.sealKey().kid).toBe((await sealing()).kid)
  })

  test('a key is replaced at half of what it may be used', async () => {
    const { node, records, sealing, clock } = await world(plan)
    const old = await sealing()
    const keyring = await node()
    clock.time += 200
    await keyring.tend()
    expect((await sealing()).kid).toBe(old.kid)
    records.tamper(old.kid, { uses: MOST / 2 })
    const taken = await keyring.tend()
    expect(taken.map(({ act, reason }) => [act, reason])).toEqual([
      ['retire', 'use'],
      ['activate', 'use'],
      ['make', 'no-spare'],
    ])
    expect(keyring.sealKey().kid).not.toBe(old.kid)
  })
})

describe('a planned volume', () => {
  test('replaces a key once so many uses are taken; it signs until its successor is known', async () => {
    const { node, clock, records, settled } = await world(withVolume(5000))
    const keyring = await node()
    const first = keyring.signer().kid
    for (let use = 0; use < 1500; use += 1) {
      expect(keyring.signer().kid).toBe(first)
      await settled()
    }
    expect(await keyring.tend()).toEqual([])
    clock.time += 435
    await keyring.renew()
    expect((await keyring.tend()).map(({ reason }) => reason)).toContain('use')
    expect(keyring.signer().kid).not.toBe(first)
    const [, ...others] = (await records.list(issuer)).filter(({ purpose }) => purpose === 'token-signing')
    expect(others.length).toBeGreaterThan(0)
  })

  test('that a plan gets while a node signs never refuses what was allowed before', async () => {
    const { records, store, clock } = await world(plan)
    const schedule = { plan, latestEnd: async () => 0 }
    const keyring = createKeyring({ issuer, records, store, clock, schedule })
    await keyring.open()
    schedule.plan = withVolume(5000)
    expect(() => keyring.signer()).not.toThrow()
    await keyring.refresh()
    const [active] = (await records.list(issuer)).filter(({ uses }) => uses > 0)
    expect(active?.purpose).toBe('token-signing')
  })

  test('without one, signatures are not counted and the store is not asked', async () => {
    const { node, records } = await world(plan)
    const reserved: string[] = []
    const reserve = records.reserve.bind(records)
    records.reserve = (of, kid, ...rest) => {
      reserved.push(kid)
      return reserve(of, kid, ...rest)
    }
    const keyring = await node()
    for (let use = 0; use < 1000; use += 1) keyring.signer()
    expect(reserved).not.toContain(keyring.signer().kid)
    expect(reserved).not.toContain(keyring.macKey().kid)
  })
})

function withVolume(rotationVolume: number): KeyPlan {
  return {
    ...plan,
    purposes: { ...plan.purposes, 'token-signing': { ...plan.purposes['token-signing'], rotationVolume } },
  }
}

async function world(plan: KeyPlan) {
  const records = new MemoryKeyRecords()
  const store = new PlainKeyStore()
  const clock = { time: 1000, now: () => clock.time }
  const node = async () => {
    const schedule = { plan, latestEnd: async () => 0 }
    const keyring = createKeyring({ issuer, records, store, clock, schedule })
    await keyring.open()
    return keyring
  }
  await node()
  const sealing = async () => {
    const of = (await records.list(issuer)).filter(({ purpose }) => purpose === 'sealing')
    const active = of.find(({ state }) => state === 'active')
    if (active === undefined) throw new Error('Cannot test: no sealing key is active')
    return active
  }
  // Blocks are taken beside the uses: let those under way come to their end
  const settled = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
  return { records, store, node, clock, sealing, settled }
}
