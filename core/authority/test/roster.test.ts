import {
  type Client,
  type ClientSecret,
  createRoster,
  digestsOf,
  type HeldSecret,
  type SecretFacts,
} from '@jotwarden/authority'
import type { KeyRecord } from '@jotwarden/keyring'
import { createMemoryStores } from '@jotwarden/store-memory'
import { describe, expect, test } from 'vitest'

const ISSUER = 'https://auth.example.com'
const NOW = 1_800_000_000

describe('add()', () => {
  test('refuses a third holder of any secret unless it is written out why', async () => {
    for (const secret of ['kek', 'kek-backup', 'client:app', 'shared:https://api.example'] as const) {
      const { roster } = await world()
      await roster.add(person('ann', secret))
      await roster.add(person('bob', secret))
      await expect(roster.add(person('eve', secret))).rejects.toThrow(coded('authority/holders-full'))
      await roster.add({ ...person('eve', secret), because: 'three sites' })
      expect((await roster.list()).map(({ holder }) => holder)).toEqual(['ann', 'bob', 'eve'])
    }
  })

  test('keeps a secret of its own for each audience: two of them do not count together', async () => {
    const { roster } = await world()
    for (const audience of ['https://a.example', 'https://b.example'])
      for (const name of ['ann', 'bob']) await roster.add(person(name, `shared:${audience}`))
    expect(await roster.list()).toHaveLength(4)
  })

  test('takes whoever holds it once, and records it as a security event that names holder and secret', async () => {
    const { roster, stores } = await world()
    await roster.add(person('ann', 'client:app'))
    await expect(roster.add(person('ann', 'client:app'))).rejects.toThrow(coded('authority/holder-exists'))
    const [event] = await stores.events.list(ISSUER, { after: 0, limit: 9 })
    expect(event).toMatchObject({
      type: 'holder-added',
      holder: 'ann',
      cause: 'client:app',
      client: 'app',
      at: NOW,
    })
  })

  test.each([
    ['a name of two lines', person('ann\nbob', 'kek'), 'authority/holder-invalid'],
    ['an empty name', person('', 'kek'), 'authority/holder-invalid'],
    ['a name of 101 characters', person('a'.repeat(101), 'kek'), 'authority/holder-invalid'],
    ['a secret that there is not', person('ann', 'pin' as HeldSecret), 'authority/holder-invalid'],
    ['the secret of a public client', person('ann', 'client:public'), 'authority/holder-invalid'],
    ['the secret of no client', person('ann', 'client:nobody'), 'authority/client-unknown'],
  ])('refuses %s', async (_, holding, code) => {
    const { roster } = await world()
    await expect(roster.add(holding)).rejects.toThrow(coded(code))
    expect(await roster.list()).toEqual([])
  })
})

describe('remove()', () => {
  test('takes out a mistake, and nobody who left', async () => {
    const { roster, facts } = await world()
    await roster.add(person('ann', 'kek'))
    await roster.add(person('bob', 'kek'))
    await roster.remove('ann', 'kek')
    await expect(roster.remove('ann', 'kek')).rejects.toThrow(coded('authority/holder-unknown'))
    await roster.offboard('bob', facts())
    await expect(roster.remove('bob', 'kek')).rejects.toThrow(coded('authority/holder-left'))
    expect(await roster.list()).toMatchObject([{ holder: 'bob', offboardedAt: NOW }])
  })
})

describe('offboard() and what remains', () => {
  test('of who is here nothing remains, and who is not on record is not found', async () => {
    const { roster, facts } = await world()
    await roster.add(person('ann', 'kek'))
    expect(await roster.remaining('ann', facts())).toEqual([])
    await expect(roster.offboard('eve', facts())).rejects.toThrow(coded('authority/holder-unknown'))
  })

  for (const secret of ['kek', 'kek-backup'] as const)
    test(`${secret}: every key of that time has to go, and the key-encryption key to be another`, async () => {
      const { roster, facts, stores } = await world()
      await roster.add(person('ann', secret))
      await roster.offboard('ann', facts())
      const open = { keys: [key('old', 'retiring')], kekId: 'new' }
      expect(await roster.remaining('ann', facts())).toEqual([
        { step: 'replace-keys', kids: ['active', 'spare', 'held'] },
        { step: 'replace-kek' },
      ])
      expect(await roster.settle('ann', facts(), true)).toHaveLength(2)
      expect(await roster.remaining('ann', { ...facts(), kekId: 'new' })).toEqual([
        { step: 'replace-keys', kids: ['active', 'spare', 'held'] },
      ])
      expect(await roster.remaining('ann', { ...facts(), ...open })).toEqual([])
      expect(await roster.settle('ann', { ...facts(), ...open }, false)).toEqual([])
      expect(await roster.list()).toMatchObject([{ holder: 'ann', offboardedAt: NOW, settledAt: NOW }])
      const events = await stores.events.list(ISSUER, { after: 0, limit: 9 })
      expect(events.map(({ type }) => type)).toEqual(['holder-added', 'holder-offboarded', 'holder-settled'])
    })

  test('a client’s secret has to be another, or the client gone; that it is the same cannot be vouched for', async () => {
    const { roster, facts } = await world()
    await roster.add(person('ann', 'client:app'))
    await roster.offboard('ann', facts())
    const step = { step: 'replace-client-secret', client: 'app' }
    expect(await roster.settle('ann', facts(), true)).toEqual([step])
    const [app] = facts().clients
    if (app === undefined) throw new Error('Cannot test: there is no client')
    const fresh = { ...secret('another'), id: 'fresh' }
    const ending = app.secrets.map((one) => ({ ...one, endsAt: NOW + 60 }))
    const overlapping = { ...facts(), clients: [{ ...app, secrets: [fresh, ...ending] }] }
    expect(await roster.remaining('ann', overlapping)).toEqual([step])
    expect(await roster.remaining('ann', { ...overlapping, now: NOW + 60 })).toEqual([])
    const changed = { ...facts(), clients: [{ ...app, secrets: [fresh] }] }
    for (const after of [changed, { ...facts(), clients: [] }])
      expect(await roster.remaining('ann', after)).toEqual([])
  })

  test('a key that is shared outside is done when somebody says so', async () => {
    const { roster, facts } = await world()
    await roster.add(person('ann', 'shared:https://api.example'))
    await roster.offboard('ann', facts())
    expect(await roster.settle('ann', facts(), false)).toEqual([
      { step: 'replace-shared-key', audience: 'https://api.example' },
    ])
    expect(await roster.settle('ann', facts(), true)).toEqual([])
    expect(await roster.remaining('ann', facts())).toEqual([])
  })

  test('digests tell nothing but that a secret was replaced', async () => {
    const { facts } = await world()
    const digests = digestsOf(facts())
    expect(Object.keys(digests)).toEqual(['kek', 'kek-backup', 'client:app'])
    expect(JSON.stringify(digests)).not.toContain('the-hash')
    expect(digestsOf({ ...facts(), kekId: 'other' }).kek).not.toBe(digests.kek)
  })
})

async function world() {
  const stores = createMemoryStores()
  const keys = [
    key('active', 'active'),
    key('spare', 'pending'),
    key('held', 'suspended'),
    key('old', 'retired'),
  ]
  await stores.keys.add(ISSUER, keys, [])
  const app = client('app', 'the-hash')
  await stores.clients.add(ISSUER, app, [])
  await stores.clients.add(ISSUER, client('public', null), [])
  const clock = { now: () => NOW }
  const roster = createRoster({ issuer: ISSUER, holders: stores.holders, clients: stores.clients, clock })
  const facts = (): SecretFacts => ({ keys, clients: [app], kekId: 'old', now: NOW })
  return { stores, roster, facts }
}

function person(holder: string, secret: HeldSecret) {
  return { holder, kind: 'person', secret, because: null } as const
}

function coded(code: string) {
  return expect.objectContaining({ code })
}

function client(id: string, secretHash: string | null): Client {
  return {
    id,
    name: id,
    type: 'confidential',
    applicationType: 'web',
    secrets: secretHash === null ? [] : [secret(secretHash)],
    consent: 'ask',
    redirectUris: [],
    grantTypes: ['client_credentials'],
    scopes: [],
    postLogoutRedirectUris: [],
    resource: null,
    createdAt: NOW,
  }
}

function secret(hash: string): ClientSecret {
  return { id: 'first', hash, origin: 'made', createdAt: NOW, endsAt: null, usedAt: null }
}

function key(kid: string, state: KeyRecord['state']): KeyRecord {
  return {
    ...{ issuer: ISSUER, kid, purpose: 'sealing', alg: 'A256GCM', state, publicJwk: null, wrapped: 'w' },
    ...{ createdAt: NOW, announcedAt: null, activatedAt: null, retiringAt: null, removableAt: null },
    ...{ retiredAt: null, compromisedAt: null, uses: 0, version: 1 },
  }
}
