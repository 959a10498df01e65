import type { Notice } from '@jotwarden/authority'
import type { KeyPlan } from '@jotwarden/keyring'
import { Secret } from '@jotwarden/token'
import { expect, test } from 'vitest'
import { authorize, browser, ISSUER, outcome, refresh, signedIn, type World, world } from './world.ts'

test('a sign-in from a network that is new for the person is told, and the second from there is not', async () => {
  const made = await listening()
  await authorize(made)
  expect(await kinds(made)).toEqual(['signed-in-from-new-network'])
  await authorize(made)
  await authorize(made, {}, { ...browser(), network: '192.0.2.200' })
  expect(await kinds(made)).toEqual([])
  await authorize(made, {}, { ...browser(), network: '198.51.100.7' })
  await authorize(made, {}, { ...browser(), network: undefined })
  expect(await kinds(made)).toEqual(['signed-in-from-new-network'])
  made.time.now += 90 * DAY + 1
  await authorize(made)
  expect(await kinds(made)).toEqual(['signed-in-from-new-network'])
})

test('a network stays familiar though the key that names it is replaced', async () => {
  const schedule = () => ({ plan, latestEnd: async () => 0 })
  const made = await listening(await world({ schedule }))
  await authorize(made)
  const networks = new Set<string>()
  for (let days = 0; days < 5; days += 1) {
    made.time.now += DAY
    await made.authority.keyring.renew()
    await made.authority.keyring.tend()
    await authorize(made)
  }
  const signedInEvents = await made.stores.events.list(ISSUER, { after: 0, limit: 999 })
  for (const { type, network } of signedInEvents)
    if (type === 'login-succeeded' && network !== undefined) networks.add(network)
  expect(networks.size).toBeGreaterThan(3)
  expect(await kinds(made)).toEqual(['signed-in-from-new-network'])
})

test('each thing that a person should be told is one notice, in order, and names no more than it must', async () => {
  const made = await listening()
  const { refresh_token: token } = await signedIn(made)
  made.time.now += 30
  await refresh(made, token)
  made.time.now += 30
  expect(await outcome(refresh(made, token))).toBe('oauth/invalid_grant')
  await made.accounts.changePassword('ada', Secret.fromText('another horse battery'))
  await made.accounts.disable('ada')
  await made.accounts.enable('ada')
  await made.authority.sessions.end({ subject: made.subject })
  const told = await notices(made)
  expect(told.map(({ kind }) => kind)).toEqual([
    'signed-in-from-new-network',
    'refresh-token-reused',
    'password-changed',
    'account-disabled',
    'account-enabled',
    'signed-out-everywhere',
  ])
  expect(told[0]).toEqual({
    id: expect.stringMatching(/^\d+-\d+$/),
    kind: 'signed-in-from-new-network',
    subject: made.subject,
    at: 1_800_000_000,
    clientName: 'App',
  })
  expect(new Set(told.map(({ id }) => id)).size).toBe(6)
  expect(JSON.stringify(told)).not.toContain(token)
})

test('what was not taken is told again with the same id and all that follows it, and what was taken is not', async () => {
  const made = await listening()
  await made.accounts.disable('ada')
  await made.accounts.enable('ada')
  const { notices } = made.authority
  const tried: Notice[] = []
  const failing = async (notice: Notice) => {
    tried.push(notice)
    if (notice.kind === 'account-enabled') throw new Error('down')
  }
  await expect(notices.deliver('mailer', failing)).rejects.toThrow('down')
  await expect(notices.deliver('mailer', failing)).rejects.toThrow('down')
  await made.accounts.disable('ada')
  const taken: Notice[] = []
  expect(await notices.deliver('mailer', async (notice) => void taken.push(notice))).toBeGreaterThan(0)
  expect(tried.map(({ kind }) => kind)).toEqual(['account-disabled', 'account-enabled', 'account-enabled'])
  expect(taken.map(({ kind }) => kind)).toEqual(['account-enabled', 'account-disabled'])
  expect(taken[0]?.id).toBe(tried[1]?.id)
  expect(await notices.deliver('mailer', failing)).toBe(0)
})

/** A world with somebody who is told from now on. */
async function listening(made?: World): Promise<World> {
  const there = made ?? (await world())
  await there.authority.notices.deliver('mailer', async () => {
    throw new Error('told of what was before')
  })
  return there
}

async function kinds(made: World): Promise<readonly string[]> {
  return (await notices(made)).map(({ kind }) => kind)
}

async function notices(made: World): Promise<readonly Notice[]> {
  const told: Notice[] = []
  while ((await made.authority.notices.deliver('mailer', async (notice) => void told.push(notice))) > 0);
  return told
}

const DAY = 86_400
const plan: KeyPlan = {
  jwksMaxAge: 300,
  propagation: 60,
  skew: 60,
  lease: 15,
  purposes: {
    'token-signing': { rotationPeriod: DAY, longestLife: DAY },
    'refresh-mac': { rotationPeriod: DAY, longestLife: DAY },
    sealing: { rotationPeriod: DAY, longestLife: DAY },
  },
}
