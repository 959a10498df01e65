import { createKeyring } from '@jotwarden/keyring'
import { signJwt, verify } from '@jotwarden/token'
import { expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

test('supersede() activates no key that was copied: not the active ones, and not their spares either', async () => {
  const { keyring, clock, copied, states } = await copiedKeys()
  const soon = await keyring.supersede(copied)
  expect(soon.map(({ purpose, outcome }) => [purpose, outcome])).toEqual([
    ['token-signing', 'too-early'],
    ['refresh-mac', 'too-early'],
    ['sealing', 'too-early'],
  ])
  expect(await states(copied)).toEqual({ active: 3, retired: 3 })
  const dates = soon.map((one) => (one.outcome === 'too-early' ? one.at - clock.time : 0))
  // lease, propagation, skew; and for a published key the age of a key set
  expect(dates).toEqual([435, 135, 135])

  clock.time += 435
  await keyring.renew()
  const done = await keyring.supersede(copied)
  expect(done.map(({ outcome }) => outcome)).toEqual(['rotated', 'rotated', 'rotated'])
  expect(await states(copied)).toEqual({ retiring: 3, retired: 3 })
  for (const { kid } of [keyring.signer(), keyring.macKey(), keyring.sealKey()])
    expect(copied).not.toContain(kid)
  expect(await keyring.supersede(copied)).toEqual([])
})

test('supersede() refuses nothing: tokens by the old key verify until they end, and it signs until it is replaced', async () => {
  const { keyring, clock, copied } = await copiedKeys()
  const early = await signJwt({ typ: 'at+jwt', claims: {} }, keyring.signer())
  await keyring.supersede(copied)
  const late = await signJwt({ typ: 'at+jwt', claims: {} }, keyring.signer())
  clock.time += 435
  await keyring.renew()
  await keyring.supersede(copied)
  for (const token of [early, late]) expect(verify(token, keyring.keySource()).key.kid).toBeTruthy()
})

test('supersede() keeps a spare at every moment, and asking again before the date changes nothing', async () => {
  const { keyring, records, copied, clock } = await copiedKeys()
  const add = records.add.bind(records)
  const transition = records.transition.bind(records)
  const acts: string[] = []
  records.add = (...given) => {
    acts.push('add')
    return add(...given)
  }
  records.transition = (...given) => {
    acts.push('drop')
    return transition(...given)
  }
  const first = await keyring.supersede(copied)
  expect(acts).toEqual(['add', 'drop', 'add', 'drop', 'add', 'drop'])
  const before = await records.list(issuer)
  clock.time += 10
  await keyring.renew()
  expect(await keyring.supersede(copied)).toEqual(first)
  expect(await records.list(issuer)).toEqual(before)
})

test('supersede() by two nodes at once leaves no copied key in line', async () => {
  const { keyring, other, copied, clock, states, records } = await copiedKeys()
  await Promise.all([keyring.supersede(copied), other.supersede(copied)])
  expect(await states(copied)).toEqual({ active: 3, retired: 3 })
  clock.time += 435
  await Promise.all([keyring.renew(), other.renew()])
  await Promise.allSettled([keyring.supersede(copied), other.supersede(copied)])
  expect(await states(copied)).toEqual({ retiring: 3, retired: 3 })
  const listed = await records.list(issuer)
  expect(listed.filter(({ state }) => state === 'active')).toHaveLength(3)
})

test('supersede() goes on when a scheduled replacement took a copied spare first', async () => {
  const { keyring, clock, copied, states } = await copiedKeys()
  clock.time += 31 * 86_400
  await keyring.tend()
  expect(await states(copied)).toMatchObject({ active: 3 })
  expect((await keyring.supersede(copied)).map(({ outcome }) => outcome)).toContain('too-early')
  clock.time += 435
  await keyring.renew()
  await keyring.supersede(copied)
  expect((await states(copied)).active).toBeUndefined()
})

/** Two nodes whose keys were all copied at the start. */
async function copiedKeys() {
  const records = new MemoryKeyRecords()
  const clock = { time: 1000, now: () => clock.time }
  const schedule = { plan, latestEnd: async () => 0 }
  const options = { issuer, records, store: new PlainKeyStore(), clock, schedule }
  const [keyring, other] = [createKeyring(options), createKeyring(options)]
  await keyring.open()
  await other.open()
  const copied = (await records.list(issuer)).map(({ kid }) => kid)
  const states = async (kids: readonly string[]): Promise<Record<string, number>> => {
    const listed = (await records.list(issuer)).filter(({ kid }) => kids.includes(kid))
    const counted = Map.groupBy(listed, ({ state }) => state)
    return Object.fromEntries([...counted].map(([state, of]) => [state, of.length]))
  }
  return { records, keyring, other, clock, copied, states }
}
