import {
  createKeyring,
  type KeyPlan,
  type Keyring,
  keyPurposes,
  LONGEST_CRYPTOPERIOD,
} from '@jotwarden/keyring'
import { signJwt } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

const DAY = 86_400
const EXPIRED = expect.objectContaining({ code: 'keyring/expired' })

describe('a key that nobody could replace', () => {
  for (const [name, days, schedule] of [
    ['its cryptoperiod', 365, planned(withCryptoperiod(365 * DAY))],
    ['two years when the plan says nothing', 730, planned(plan)],
    ['two years when the plan says three', 730, planned(withCryptoperiod(1095 * DAY))],
    ['two years without a plan', 730, undefined],
  ] as const)
    test(`protects until the last second of ${name}, and not one more`, async () => {
      const { keyring, clock } = await made(schedule)
      clock.time += days * DAY - 1
      await keyring.renew()
      const uses = [() => keyring.signer(), () => keyring.macKey(), () => keyring.sealKey()]
      for (const use of uses) expect(use).not.toThrow()
      clock.time += 1
      for (const use of uses) expect(use).toThrow(EXPIRED)
      await keyring.refresh()
      for (const use of uses) expect(use).toThrow(EXPIRED)
    })

  test('still verifies what it signed in time, and nothing once the longest cryptoperiod and life are over', async () => {
    const { keyring, clock } = await made(planned(withCryptoperiod(365 * DAY)))
    const { kid } = keyring.signer()
    const mac = keyring.macKey().kid
    const takes = async () => {
      await keyring.refresh()
      const { keys } = keyring.jwks()
      return [
        keys.some((key) => key.kid === kid),
        selects(keyring, kid),
        keyring.macKeyFor(mac) !== undefined,
      ]
    }
    clock.time += 400 * DAY
    expect(await takes()).toEqual([true, true, true])
    const end = 1000 + LONGEST_CRYPTOPERIOD + plan.lease + 60 + 180
    clock.time = end + 28_800 - 1
    expect(await takes()).toEqual([true, true, true])
    clock.time = end + 28_800
    expect(await takes()).toEqual([false, false, true])
    clock.time = end + 604_800
    expect(await takes()).toEqual([false, false, false])
  })

  test('is replaced as soon as somebody looks after it again', async () => {
    const { keyring, clock } = await made(planned(withCryptoperiod(365 * DAY)))
    const { kid } = keyring.signer()
    clock.time += 1000 * DAY
    await keyring.refresh()
    expect(() => keyring.signer()).toThrow(EXPIRED)
    await keyring.tend()
    expect(keyring.signer().kid).not.toBe(kid)
    await expect(signJwt({ typ: 'at+jwt', claims: {} }, keyring.signer())).resolves.toContain('.')
  })
})

test('a retiring key processes nothing from the date of its removal on, also when nobody takes that step', async () => {
  const { keyring, clock, records } = await made(planned(plan))
  const { kid } = keyring.signer()
  clock.time += 30 * DAY
  await keyring.tend()
  const { removableAt } = (await records.list(issuer)).find((record) => record.kid === kid) ?? {}
  expect(removableAt).toBeGreaterThan(clock.time)
  clock.time = Number(removableAt) - 1
  await keyring.refresh()
  expect(selects(keyring, kid)).toBe(true)
  clock.time += 1
  await keyring.refresh()
  expect(selects(keyring, kid)).toBe(false)
  expect(keyring.jwks().keys.map((key) => key.kid)).not.toContain(kid)
})

test('every purpose says which kind of key it has, by the names of SP 800-57', () => {
  expect(Object.values(keyPurposes).map(({ purpose, keyType }) => [purpose, keyType])).toEqual([
    ['token-signing', 'private signature key'],
    ['refresh-mac', 'symmetric authentication key'],
    ['sealing', 'symmetric data-encryption key'],
  ])
})

function withCryptoperiod(cryptoperiod: number): KeyPlan {
  const { purposes } = plan
  return {
    ...plan,
    purposes: {
      'token-signing': { ...purposes['token-signing'], cryptoperiod },
      'refresh-mac': { ...purposes['refresh-mac'], cryptoperiod },
      sealing: { ...purposes.sealing, cryptoperiod },
    },
  }
}

function planned(plan: KeyPlan) {
  return { plan, latestEnd: async () => 0 }
}

async function made(schedule: { readonly plan: KeyPlan; latestEnd(): Promise<number> } | undefined) {
  const records = new MemoryKeyRecords()
  const clock = { time: 1000, now: () => clock.time }
  const options = { issuer, records, store: new PlainKeyStore(), clock }
  const keyring = createKeyring(schedule === undefined ? options : { ...options, schedule })
  await keyring.open()
  return { keyring, clock, records }
}

function selects(keyring: Keyring, kid: string): boolean {
  return keyring.keySource().select({ alg: 'ES256', kid }).length > 0
}
