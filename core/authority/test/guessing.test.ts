import { type AccountStore, createLocalAccounts, type PasswordHasher } from '@jotwarden/authority'
import { createMemoryStores } from '@jotwarden/store-memory'
import { Secret } from '@jotwarden/token'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  authorizationForm,
  basic,
  browser,
  form,
  ISSUER,
  outcome,
  PASSWORD,
  refresh,
  signedIn,
  type World,
  world,
} from './world.ts'

const ACCOUNTS = 100
const NETWORKS = 100
let made: World
let hashed = 0

beforeEach(async () => {
  const stores = createMemoryStores()
  const accounts = createLocalAccounts({
    issuer: ISSUER,
    records: stores.accounts,
    hasher: countingHasher(),
    clock: { now: () => 1_800_000_000 },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  })
  made = await world({ stores, accounts })
  hashed = 0
})

describe('10,000 password guesses over 100 names and 100 networks within a minute', () => {
  test('few reach the hasher, the same number for names that exist and that do not', async () => {
    const through = await flood(10_000)
    expect(hashed).toBe(through.ada + through.others)
    expect(hashed).toBeLessThanOrEqual(ACCOUNTS * 20)
    expect(hashed).toBeGreaterThanOrEqual(ACCOUNTS * 10)
    expect(through.ada).toBe(through.others / (ACCOUNTS - 1))
  })

  test('the owner signs in meanwhile from a network that has succeeded before', async () => {
    expect((await attempt('ada', PASSWORD, '198.51.100.1')).step).toBe('signed-in')
    await flood(10_000)
    expect((await attempt('ada', PASSWORD, '198.51.100.1')).step).toBe('signed-in')
  })

  test('from a new network the owner waits, five minutes at most, as does an unknown name', async () => {
    await flood(10_000)
    const [ada, nobody] = [
      await attempt('ada', PASSWORD, '198.51.100.1'),
      await attempt('nobody-1', PASSWORD, '198.51.100.1'),
    ]
    if (!('reason' in ada) || ada.reason !== 'throttled') throw new Error('the owner was let in at once')
    expect(ada.retryAfter).toBeLessThanOrEqual(300)
    expect(nobody).toMatchObject({ step: 'refused', reason: 'throttled', retryAfter: ada.retryAfter })
    made.time.now += ada.retryAfter
    expect((await attempt('ada', PASSWORD, '198.51.100.1')).step).toBe('signed-in')
  })

  test('is told in a few aggregated events, and none of them names who was tried', async () => {
    await flood(10_000)
    const events = (await made.stores.events.list(ISSUER, { after: 0, limit: 1000 })).filter(
      ({ type }) => type === 'login-throttled',
    )
    expect(events.length).toBeGreaterThan(0)
    expect(events.length).toBeLessThanOrEqual(2)
    expect(events.every(({ subject, client }) => subject === undefined && client === undefined)).toBe(true)
  })

  test('guesses for a day at one account come to a few hundred', async () => {
    for (let second = 0; second < 86_400; second += 10) {
      made.time.now += 10
      await attempt('ada', `wrong ${second}`, `10.${second % 200}.${second % 7}.1`)
    }
    expect(hashed).toBeLessThan(400)
  })
})

describe('signIn() throttled', () => {
  test('counts another spelling of a name as the same', async () => {
    for (const spelling of ['ada', 'ADA', 'ada ', ' a d a', 'ＡＤＡ'])
      expect(await attempt(spelling, 'wrong', '192.0.2.1')).toMatchObject({ reason: 'credentials' })
    expect(await attempt('Ada', 'wrong', '192.0.2.1')).toMatchObject({ reason: 'throttled', retryAfter: 2 })
  })

  test('of 50 racing guesses at one name no more reach the hasher than one after another', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, guess) => attempt('ada', `wrong ${guess}`, '192.0.2.1')))
    expect(hashed).toBe(5)
  })

  test('does not count a right password, however often it is given', async () => {
    for (let count = 0; count < 200; count += 1)
      expect((await attempt('ada', PASSWORD, '192.0.2.1')).step).toBe('signed-in')
  })

  test('does not count right passwords of many people behind one address', async () => {
    made = await world({ accounts: everybody(() => 'accepted') })
    for (let name = 0; name < 100; name += 1)
      expect((await attempt(`person-${name}`, 'right', '192.0.2.1')).step).toBe('signed-in')
  })

  test('lets nobody wait behind refusals that are held back', async () => {
    const release = Promise.withResolvers<void>()
    const known = everybody(() => 'accepted')
    let refused = 0
    made = await world({
      accounts: {
        ...known,
        async verifyPassword(username, password, hold) {
          if (password.revealText() === 'right') return known.verifyPassword(username, password)
          refused += 1
          hold?.(release.promise)
          return { verdict: 'refused' }
        },
      },
    })
    const wrong = Array.from({ length: 40 }, (_, n) => attempt(`nobody-${n}`, 'wrong', '192.0.2.1'))
    await vi.waitFor(() => expect(refused).toBe(40))
    expect((await attempt('person', 'right', '198.51.100.1')).step).toBe('signed-in')
    expect(await Promise.race([...wrong, 'held back'])).toBe('held back')
    release.resolve()
    for (const { step } of await Promise.all(wrong)) expect(step).toBe('refused')
  })

  test('does not count a password that could not be looked at', async () => {
    let isDown = true
    made = await world({
      accounts: everybody(() => {
        if (isDown) throw new Error('the table of users is away')
        return 'accepted'
      }),
    })
    for (let count = 0; count < 20; count += 1)
      await expect(attempt('ada', 'right', '192.0.2.1')).rejects.toThrow('away')
    isDown = false
    expect((await attempt('ada', 'right', '192.0.2.1')).step).toBe('signed-in')
  })
})

describe('the token endpoint throttled', () => {
  test('wrong client secrets end in authority/throttled, with the seconds to wait, and the events stop', async () => {
    const answers: string[] = []
    for (let count = 0; count < 100; count += 1) answers.push(await outcome(asService('wrong')))
    expect(answers.filter((code) => code === 'oauth/invalid_client')).toHaveLength(20)
    expect(answers.filter((code) => code === 'authority/throttled')).toHaveLength(80)
    await expect(asService('wrong')).rejects.toMatchObject({ retryAfter: 1 })
    const events = await made.stores.events.list(ISSUER, { after: 0, limit: 1000 })
    const counts = Object.fromEntries(events.map(({ type, count }) => [type, count]))
    expect(counts).toMatchObject({ 'client-refused': 20, 'client-throttled': 1 })
  })

  test('made-up clients count together: another name each time is no way around', async () => {
    const answers: string[] = []
    for (let count = 0; count < 30; count += 1) {
      const authorization = basic(`made-up-${count}`, 'wrong')
      answers.push(await outcome(asService('wrong', '192.0.2.1', authorization)))
    }
    expect(answers.filter((code) => code === 'oauth/invalid_client')).toHaveLength(20)
  })

  test('the right secret waits too where it was never shown, and never where it was', async () => {
    expect(await outcome(asService(made.service.secret, '198.51.100.1'))).toBe('accepted')
    for (const network of ['192.0.2.1', '198.51.100.1'])
      for (let count = 0; count < 100; count += 1) await outcome(asService('wrong', network))
    expect(await outcome(asService(made.service.secret, '192.0.2.1'))).toBe('authority/throttled')
    expect(await outcome(asService(made.service.secret, '198.51.100.1'))).toBe('accepted')
    expect(await outcome(asService(made.service.secret, '203.0.113.1'))).toBe('accepted')
  })

  test('wrong refresh tokens of a public client end in authority/throttled, in that network alone', async () => {
    const answers: string[] = []
    for (let count = 0; count < 120; count += 1) answers.push(await outcome(wrongRefresh('192.0.2.1')))
    expect(answers.filter((code) => code === 'oauth/invalid_grant')).toHaveLength(100)
    expect(answers.filter((code) => code === 'authority/throttled')).toHaveLength(20)
    expect(await outcome(wrongRefresh('198.51.100.1'))).toBe('oauth/invalid_grant')
    made.time.now += 1
    expect(await outcome(wrongRefresh('192.0.2.1'))).toBe('oauth/invalid_grant')
  })

  test('the right one passes while wrong ones from the same network must wait', async () => {
    const { refresh_token } = await signedIn(made)
    for (let count = 0; count < 120; count += 1) await outcome(wrongRefresh('192.0.2.7'))
    expect(await outcome(wrongRefresh('192.0.2.7'))).toBe('authority/throttled')
    expect(await outcome(refresh(made, refresh_token))).toBe('accepted')
  })
})

/** Guesses spread over the names, `ada` among them, and over the networks, 200 a second; how many were looked at. */
async function flood(guesses: number): Promise<{ readonly ada: number; readonly others: number }> {
  const through = { ada: 0, others: 0 }
  for (let guess = 0; guess < guesses; guess += 1) {
    if (guess % 200 === 0) made.time.now += 1
    const name = guess % ACCOUNTS
    const network = (name + Math.floor(guess / ACCOUNTS)) % NETWORKS
    const step = await attempt(name === 0 ? 'ada' : `nobody-${name}`, `wrong ${guess}`, `10.0.${network}.9`)
    if ('reason' in step && step.reason === 'credentials') through[name === 0 ? 'ada' : 'others'] += 1
  }
  return through
}

async function attempt(username: string, password: string, network: string) {
  const { authorization } = made.authority
  const from = { ...browser(), network }
  const step = await authorization.begin(authorizationForm(), from)
  if (step.step !== 'login') throw new Error(`stopped at ${step.step}`)
  return authorization.signIn(
    { interaction: step.interaction, username, password: Secret.fromText(password) },
    { ...from, binding: step.binding },
  )
}

function asService(secret: string, network = '192.0.2.1', authorization = basic(made.service.id, secret)) {
  return made.authority.token({
    form: form({ grant_type: 'client_credentials', scope: 'orders:read' }),
    authorization,
    network,
  })
}

/** A host's accounts, who are whoever they say, but no client of the world. */
function everybody(verdict: () => 'accepted'): AccountStore {
  const accountOf = (username: string) => ({
    subject: username,
    username,
    name: null,
    email: null,
    emailVerified: false,
    disabled: false,
  })
  return {
    verifyPassword: async (username) => ({ verdict: verdict(), account: accountOf(username) }),
    find: async (subject) => (CLIENTS.has(subject) ? undefined : accountOf(subject)),
  }
}

const CLIENTS = new Set(['web', 'app', 'page', 'service'])

function wrongRefresh(network: string) {
  return made.authority.token({
    form: form({ grant_type: 'refresh_token', client_id: 'app', refresh_token: 'jwr_wrong' }),
    authorization: undefined,
    network,
  })
}

/** No stretching, and a count of what it was asked. */
function countingHasher(): PasswordHasher {
  return {
    hash: async (password) => `plain$${password.revealText()}`,
    async verify(password, phc) {
      hashed += 1
      return phc === `plain$${password.revealText()}` ? 'match' : 'mismatch'
    },
    close: async () => {},
  }
}
