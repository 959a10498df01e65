import { createKeyring, type KeyRecord, type LostKeysRequest, replaceLostKeys } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'
import { clock, issuer, opened, spareOf, step } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'

const ALL = ['refresh-mac active', 'refresh-mac pending', 'sealing active', 'sealing pending'].concat([
  'token-signing active',
  'token-signing pending',
])

describe('replaceLostKeys()', () => {
  test('gives each purpose a new active key and a spare; what was signed stays good, secrets are gone', async () => {
    const { records, keyring } = await opened()
    const [signer, spare] = [keyring.signer().kid, spareOf(keyring)]
    const { ended, made } = await replaceLostKeys(records, request())
    expect([ended.length, made.length]).toEqual([6, 6])
    const listed = await records.list(issuer)
    const kids = new Set(made.map(({ kid }) => kid))
    expect(statesOf(listed.filter(({ kid }) => kids.has(kid)))).toEqual(ALL)
    expect(statesOf(listed.filter(({ kid }) => !kids.has(kid)))).toEqual([
      ...['refresh-mac retired', 'refresh-mac retired', 'sealing retired', 'sealing retired'],
      ...['token-signing retired', 'token-signing retiring'],
    ])
    // lease, longest life, propagation and three skews after the act, or later when tokens are out for longer
    expect(find(listed, signer)).toMatchObject({ state: 'retiring', wrapped: null, removableAt: 9000 + 240 })
    expect(find(listed, spare)).toMatchObject({ state: 'retired', wrapped: null })
    const restarted = createKeyring({ issuer, records, store: store.plain, clock })
    await restarted.open()
    expect(restarted.problems).toEqual([])
    expect(restarted.jwks().keys.map(({ kid }) => kid)).toContain(signer)
    expect(kids).toContain(restarted.signer().kid)
    const causes = records.events.filter(({ cause }) => cause === 'kek-lost').map(({ type }) => type)
    expect(causes.toSorted()).toEqual([
      ...Array<string>(3).fill('key-activated'),
      ...Array<string>(6).fill('key-created'),
      ...Array<string>(6).fill('key-state-changed'),
    ])
  })

  test('withdraws everything that was stolen, and keys without a private part as well', async () => {
    const { records, keyring } = await opened()
    const [signer, spare] = [keyring.signer().kid, spareOf(keyring)]
    const replace = [{ ...step(signer, 1, 'retiring'), wrapped: null }, step(spare, 1, 'active')]
    await records.transition(issuer, replace, [])
    const { ended } = await replaceLostKeys(records, request({ isStolen: true }))
    expect(ended).toHaveLength(6)
    const listed = await records.list(issuer)
    for (const { kid } of ended)
      expect(find(listed, kid)).toMatchObject({ state: 'compromised', wrapped: null })
    expect(listed.filter(({ state }) => state === 'active')).toHaveLength(3)
    expect(records.events.filter(({ cause }) => cause === 'kek-lost')).toEqual([])
    const created = records.events.filter(
      ({ type, cause }) => type === 'key-created' && cause === 'kek-stolen',
    )
    expect(created).toHaveLength(6)
  })

  test('changes nothing when nothing is lost, or nothing is there', async () => {
    const { records } = await opened()
    const before = await records.list(issuer)
    for (const isStolen of [false, true]) {
      const none = request({ isLost: async () => false, isStolen })
      expect(await replaceLostKeys(records, none)).toEqual({ ended: [], made: [] })
    }
    expect(await records.list(issuer)).toEqual(before)
    const other = 'https://other.example'
    expect(await replaceLostKeys(records, request({ issuer: other }))).toEqual({ ended: [], made: [] })
  })

  test('keeps what can be opened: a spare takes the place of its lost active key', async () => {
    const { records, keyring } = await opened()
    const [signer, spare] = [keyring.signer().kid, spareOf(keyring)]
    const { made } = await replaceLostKeys(records, request({ isLost: async ({ kid }) => kid === signer }))
    expect(made.map(({ purpose }) => purpose)).toEqual(['token-signing'])
    expect(find(await records.list(issuer), spare)?.state).toBe('active')
  })

  test('is finished by the next run when it is ended between its two acts, with no key too many', async () => {
    const { records, keyring } = await opened()
    const old = new Set((await records.list(issuer)).map(({ kid }) => kid))
    const transition = records.transition.bind(records)
    records.transition = () => Promise.reject(new Error('as if killed'))
    const isLost = async ({ kid }: KeyRecord) => old.has(kid)
    await expect(replaceLostKeys(records, request({ isLost }))).rejects.toThrow('as if killed')
    expect(find(await records.list(issuer), keyring.signer().kid)?.state).toBe('active')
    records.transition = transition
    expect((await replaceLostKeys(records, request({ isLost }))).made).toEqual([])
    expect(statesOf((await records.list(issuer)).filter(({ kid }) => !old.has(kid)))).toEqual(ALL)
  })

  test.each(['active', 'pending'] as const)(
    'takes an %s key without a private part for lost',
    async (state) => {
      const { records } = await opened()
      const [bare] = (await records.list(issuer)).filter((one) => one.state === state)
      if (bare === undefined) throw new Error('Cannot test: there is no such key')
      records.tamper(bare.kid, { wrapped: null })
      const { ended, made } = await replaceLostKeys(records, request({ isLost: async () => false }))
      expect([ended.map(({ kid }) => kid), made.length]).toEqual([[bare.kid], 1])
      const listed = await records.list(issuer)
      expect(statesOf(listed.filter(({ kid }) => kid !== bare.kid))).toEqual(ALL)
    },
  )

  test('of two callers at once each purpose still has one active key', async () => {
    const { records } = await opened()
    const old = new Set((await records.list(issuer)).map(({ kid }) => kid))
    const isLost = async ({ kid }: KeyRecord) => old.has(kid)
    await Promise.all([1, 2].map(() => replaceLostKeys(records, request({ isLost }))))
    expect(statesOf((await records.list(issuer)).filter(({ kid }) => !old.has(kid)))).toEqual(ALL)
  })

  test('ends nothing when it cannot be told whether a key is lost', async () => {
    const { records } = await opened()
    const before = await records.list(issuer)
    const isLost = () => Promise.reject(new Error('the disk does not answer'))
    await expect(replaceLostKeys(records, request({ isLost }))).rejects.toThrow('the disk')
    expect(await records.list(issuer)).toEqual(before)
  })
})

const store = { plain: new PlainKeyStore() }

function request(changes: Partial<LostKeysRequest> = {}): LostKeysRequest {
  store.plain = new PlainKeyStore()
  const purposes = { rotationPeriod: 9999, longestLife: 600 }
  return {
    ...{ issuer, store: store.plain, signingAlg: 'ES256', now: 2000 },
    isLost: async () => true,
    isStolen: false,
    schedule: {
      latestEnd: async () => 9000,
      plan: {
        ...{ jwksMaxAge: 300, propagation: 60, skew: 60, lease: 15 },
        purposes: { 'token-signing': purposes, 'refresh-mac': purposes, sealing: purposes },
      },
    },
    ...changes,
  }
}

function find(listed: readonly KeyRecord[], wanted: string): KeyRecord | undefined {
  return listed.find(({ kid }) => kid === wanted)
}

function statesOf(listed: readonly KeyRecord[]): readonly string[] {
  return listed.map(({ purpose, state }) => `${purpose} ${state}`).toSorted()
}
