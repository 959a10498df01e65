import { createKeyring } from '@jotwarden/keyring'
import { expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

const YEARS = 10 * 365 * 86_400
const { rotationPeriod } = plan.purposes['token-signing']

test('keys that a node dated years ahead are replaced once the clocks are right again', async () => {
  const { keyring, clock, ofState } = await opened()
  clock.time += YEARS
  await keyring.tend()
  clock.time -= YEARS
  const ahead = [...(await ofState('active')), ...(await ofState('pending'))]
  await keyring.tend()
  clock.time += 3600
  await keyring.tend()
  const [active] = await ofState('active')
  expect(ahead).not.toContain(active)
  clock.time += rotationPeriod + 3600
  await keyring.tend()
  expect(await ofState('active')).not.toEqual([active])
})

test('a spare that is dated years ahead does not keep rotate() from its work', async () => {
  const { keyring, clock, records, ofState } = await opened()
  for (const kid of await ofState('pending')) records.tamper(kid, { announcedAt: clock.time + YEARS })
  expect(await keyring.rotate('token-signing')).toMatchObject({ outcome: 'too-early' })
  clock.time += 3600
  expect(await keyring.rotate('token-signing')).toMatchObject({ outcome: 'rotated' })
})

test('a clock that is ahead by no more than the skew changes nothing', async () => {
  const { keyring, clock, records } = await opened()
  const before = await records.list(issuer)
  clock.time -= plan.skew
  expect(await keyring.tend()).toEqual([])
  expect(await records.list(issuer)).toEqual(before)
})

async function opened() {
  const records = new MemoryKeyRecords()
  const clock = { time: 1_800_000_000, now: () => clock.time }
  const schedule = { plan, latestEnd: async () => 0 }
  const keyring = createKeyring({ issuer, records, store: new PlainKeyStore(), clock, schedule })
  await keyring.open()
  const ofState = async (state: string) =>
    (await records.list(issuer))
      .filter((one) => one.purpose === 'token-signing' && one.state === state)
      .map(({ kid }) => kid)
  return { keyring, clock, records, ofState }
}
