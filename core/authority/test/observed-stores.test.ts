import { observeStores, type RotationOutcome, type SecurityEvent, type Stores } from '@jotwarden/authority'
import { type Driver, keyRecordsSuite, sessionStoreSuite, storesSuite } from '@jotwarden/conformance'
import { createMemoryStores } from '@jotwarden/store-memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const ISSUER = 'https://auth.example.com'
const silent = { recorded: () => {}, rotated: () => {} }
const observed: Driver = { open: async () => observeStores(createMemoryStores(), silent) }

describe('observeStores() keeps what the ports promise', () => {
  for (const suite of [sessionStoreSuite, keyRecordsSuite, storesSuite]) suite(observed, { test })
})

/** A log of which only its methods know the inside, as a driver may have it. */
class CountingEvents {
  #last = 0
  async record(_issuer: string, events: readonly SecurityEvent[]): Promise<void> {
    this.#last += events.length
  }
  async list(): Promise<readonly never[]> {
    return []
  }
  async last(): Promise<number> {
    return this.#last
  }
  async signedInFrom(): Promise<boolean> {
    return false
  }
  async position(): Promise<number | undefined> {
    return undefined
  }
  async advance(): Promise<void> {}
}

describe('observeStores() tells', () => {
  let plain: Stores
  let stores: Stores
  let seen: string[]
  let rotated: RotationOutcome['outcome'][]

  beforeEach(() => {
    plain = createMemoryStores()
    seen = []
    rotated = []
    stores = observeStores(plain, {
      recorded: (events) => void seen.push(...events.map(({ type }) => type)),
      rotated: ({ outcome }) => void rotated.push(outcome),
    })
  })
  afterEach(() => plain.close())

  const login = {
    ...{ id: 'login', subject: 'usr_one', cookieHash: 'hash', authTime: 1, amr: [], acr: null, rev: 0 },
    ...{ earlier: [], device: null, expiresAt: 100, endedAt: null },
  }
  const event = (type: SecurityEvent['type'], aggregate?: string): SecurityEvent => ({
    ...{ type, at: 1 },
    ...(aggregate === undefined ? {} : { aggregate }),
  })

  test('of every event, those that share a row each time', async () => {
    await stores.logins.start(ISSUER, login, null, [event('login-succeeded')])
    for (let time = 0; time < 3; time += 1) await stores.events.record(ISSUER, [event('login-refused', 'a')])
    await stores.logins.end(ISSUER, login.id, 2, () => ({ events: [event('login-ended')], marks: [] }))
    expect(seen).toEqual([
      'login-succeeded',
      ...['login-refused', 'login-refused', 'login-refused'],
      'login-ended',
    ])
  })

  test('nothing of an act that changed nothing or failed', async () => {
    await plain.revocation.append(ISSUER, {
      events: [],
      marks: [{ kind: 'subject', id: 'usr_one', cause: 'x', at: 1, expiresAt: null, owner: null }],
    })
    expect(await stores.logins.start(ISSUER, login, null, [event('login-succeeded')])).toBe('revoked')
    const failing = stores.logins.end(ISSUER, login.id, 2, () => {
      throw new Error('broken')
    })
    await expect(failing).rejects.toThrow('broken')
    expect(seen).toEqual([])
  })

  test('what a refresh came to', async () => {
    const rotation = {
      ...{
        session: 'none',
        generation: 0,
        now: 1,
        mode: 'rotate' as const,
        graceWindow: 10,
        idleLifetime: 60,
      },
      ...{ macKid: 'kid', network: null, shadowLimit: 3, endShadowed: false },
    } as const
    await stores.sessions.rotate(ISSUER, rotation, () => ({ events: [], marks: [] }))
    expect(rotated).toEqual(['unknown'])
  })

  test('and an observer that throws does not make a done act look failed', async () => {
    const broken = observeStores(plain, {
      recorded: () => {
        throw new Error('broken')
      },
      rotated: () => {},
    })
    await broken.events.record(ISSUER, [event('login-refused')])
    expect(await broken.events.last(ISSUER)).toBe(1)
  })

  test('also where a driver gives its ports as instances of classes', async () => {
    const events = new CountingEvents()
    const classes = observeStores({ ...plain, events }, { ...silent })
    await classes.events.record(ISSUER, [event('login-refused')])
    expect(await classes.events.last(ISSUER)).toBe(1)
  })
})
