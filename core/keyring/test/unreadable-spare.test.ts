import { createKeyring, type KeyRecord, type Keyring } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer, recordOf } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

const harm: readonly (readonly [string, Partial<KeyRecord>])[] = [
  ['cannot be opened', { wrapped: 'handle:damaged' }],
  ['has no private part', { wrapped: null }],
]

describe.each(harm)('a spare that %s never becomes active:', (_name, change) => {
  test.each(['token-signing', 'refresh-mac', 'sealing'] as const)(
    'tend() makes another %s spare and activates that in time',
    async (purpose) => {
      const { keyring, clock, spare } = await harmed(purpose, change)
      clock.time += plan.purposes[purpose].rotationPeriod
      await keyring.tend()
      clock.time += 3600
      await keyring.tend()
      await keyring.refresh()
      const active = await activeOf(keyring, purpose)
      expect(active?.kid).not.toBe(spare)
      expect(active?.activatedAt).toBe(clock.time)
      expect(keyring.signer().kid).toBeDefined()
    },
  )

  test('tend() makes one more spare and no further one', async () => {
    const { keyring, clock, records } = await harmed('sealing', change)
    for (let round = 0; round < 3; round += 1) {
      clock.time += 60
      await keyring.tend()
    }
    const pending = (await records.list(issuer)).filter(
      (one) => one.purpose === 'sealing' && one.state === 'pending',
    )
    expect(pending).toHaveLength(2)
  })

  test('rotate() waits for another spare', async () => {
    const { keyring, clock, spare } = await harmed('token-signing', change)
    clock.time += 3600
    const rotated = await keyring.rotate('token-signing')
    expect(rotated).toMatchObject({ outcome: 'too-early' })
    clock.time += 3600
    expect(await keyring.rotate('token-signing')).toMatchObject({ outcome: 'rotated' })
    expect(keyring.signer().kid).not.toBe(spare)
  })

  test('compromise() puts a new key in the place of the stolen one', async () => {
    const { keyring, records, spare } = await harmed('token-signing', change)
    const stolen = keyring.signer().kid
    expect(await keyring.compromise(stolen)).toBe('compromised')
    expect([stolen, spare]).not.toContain(keyring.signer().kid)
    expect(await recordOf(records, stolen)).toMatchObject({ state: 'compromised' })
  })
})

async function harmed(purpose: KeyRecord['purpose'], change: Partial<KeyRecord>) {
  const records = new MemoryKeyRecords()
  const clock = { time: 1_800_000_000, now: () => clock.time }
  const schedule = { plan, latestEnd: async () => 0 }
  const keyring = createKeyring({ issuer, records, store: new PlainKeyStore(), clock, schedule })
  await keyring.open()
  const spare = (await records.list(issuer)).find(
    (one) => one.purpose === purpose && one.state === 'pending',
  )?.kid
  if (spare === undefined) throw new Error('Cannot test: there is no spare')
  records.tamper(spare, change)
  return { keyring, clock, records, spare }
}

async function activeOf(keyring: Keyring, purpose: KeyRecord['purpose']): Promise<KeyRecord | undefined> {
  return (await keyring.list()).find((one) => one.purpose === purpose && one.state === 'active')
}
