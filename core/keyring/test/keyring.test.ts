import {
  createKeyring,
  type KeyRecord,
  type Keyring,
  type KeyringOptions,
  type KeyTransition,
} from '@jotwarden/keyring'
import { jwkThumbprint, signJwt, verify } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { PlainKeyStore } from './plain-key-store.ts'

describe('Keyring.open() on a first start', () => {
  test('makes an active signer with a spare, a refresh-MAC key and a sealing key', async () => {
    const { records } = await opened()
    expect((await records.list(issuer)).map(({ purpose, state }) => `${purpose} ${state}`).sort()).toEqual([
      'refresh-mac active',
      'sealing active',
      'token-signing active',
      'token-signing pending',
    ])
  })

  test('dates the records in whole seconds and announces only what is published', async () => {
    const { records } = await opened()
    for (const record of await records.list(issuer)) {
      expect(record.createdAt).toBe(1000)
      expect(record.announcedAt).toBe(record.purpose === 'token-signing' ? 1000 : null)
      expect(record.activatedAt).toBe(record.state === 'active' ? 1000 : null)
      expect(record.version).toBe(1)
    }
  })

  test('writes an event for each key and for each activation', async () => {
    const { records } = await opened()
    const types = records.events.map(({ type, cause, at }) => `${type} ${cause} ${at}`).sort()
    expect(types).toEqual([
      ...Array<string>(3).fill('key-activated first-start 1000'),
      ...Array<string>(4).fill('key-created first-start 1000'),
    ])
  })

  test('names signing keys by their RFC 7638 thumbprint', async () => {
    const { keyring } = await opened()
    const { keys } = keyring.jwks()
    expect(keys).toHaveLength(2)
    for (const key of keys) expect(key.kid).toBe(jwkThumbprint(key))
  })

  test('makes nothing on the second start', async () => {
    const { keyring, records, store } = await opened()
    const again = createKeyring({ issuer, records, store, clock })
    await again.open()
    expect(again.jwks()).toEqual(keyring.jwks())
    expect(await records.list(issuer)).toHaveLength(4)
    expect(records.events).toHaveLength(7)
  })

  test('of 8 racing first starts ends with one set that all of them hold', async () => {
    const records = new MemoryKeyRecords()
    const store = new PlainKeyStore()
    const racing = Array.from({ length: 8 }, () => createKeyring({ issuer, records, store, clock }))
    await Promise.all(racing.map((keyring) => keyring.open()))
    expect(await records.list(issuer)).toHaveLength(4)
    expect(records.events).toHaveLength(7)
    expect(new Set(racing.map((keyring) => keyring.signer().kid)).size).toBe(1)
    expect(new Set(racing.map((keyring) => keyring.macKey().kid)).size).toBe(1)
    expect(new Set(racing.map((keyring) => keyring.sealKey().kid)).size).toBe(1)
    expect(new Set(racing.map((keyring) => JSON.stringify(keyring.jwks()))).size).toBe(1)
  })

  test('gives up with a code when the store keeps refusing', async () => {
    const records = new MemoryKeyRecords()
    records.add = async () => 'conflict'
    const keyring = createKeyring({ issuer, records, store: new PlainKeyStore(), clock })
    await expect(keyring.open()).rejects.toMatchObject({ code: 'keyring/conflict' })
  })

  test('makes keys of the algorithm asked for', async () => {
    const { keyring } = await opened({ signingAlg: 'Ed25519' })
    expect(keyring.signer().alg).toBe('Ed25519')
  })

  test('makes no new key for a purpose whose keys were all compromised', async () => {
    const { records, store, keyring } = await opened()
    const { kid } = keyring.macKey()
    await records.transition(issuer, [step(kid, 1, 'compromised')], [])
    const again = createKeyring({ issuer, records, store, clock })
    await again.open()
    expect(() => again.macKey()).toThrow(expect.objectContaining({ code: 'keyring/no-active-key' }))
    expect(await records.list(issuer)).toHaveLength(4)
  })

  test('adds the keys of a purpose that an older version did not have', async () => {
    const { records, store } = await opened()
    const older = new MemoryKeyRecords()
    await older.add(
      issuer,
      (await records.list(issuer)).filter(({ purpose }) => purpose !== 'sealing'),
      [],
    )
    const keyring = createKeyring({ issuer, records: older, store, clock })
    await keyring.open()
    expect(keyring.sealKey().kid).toMatch(/^[\w-]{11}$/)
    expect(await older.list(issuer)).toHaveLength(4)
  })

  test('keeps issuers apart', async () => {
    const { keyring, records, store } = await opened()
    const other = createKeyring({ issuer: 'https://other.example', records, store, clock })
    await other.open()
    expect(other.signer().kid).not.toBe(keyring.signer().kid)
    expect(other.macKeyFor(keyring.macKey().kid)).toBeUndefined()
  })
})

describe('an open keyring', () => {
  test('signs what its own key source verifies', async () => {
    const { keyring } = await opened()
    const token = await signJwt({ typ: 'at+jwt', claims: { sub: 'alice' } }, keyring.signer())
    expect(verify(token, keyring.keySource()).claims.sub).toBe('alice')
  })

  test('publishes the active key first and no private member', async () => {
    const { keyring } = await opened()
    const { keys } = keyring.jwks()
    expect(keys[0]?.kid).toBe(keyring.signer().kid)
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    }
  })

  test('publishes only known members, even when a record holds more', async () => {
    const { keyring, records } = await opened()
    const before = keyring.jwks()
    const record = await recordOf(records, keyring.signer().kid)
    records.tamper(record.kid, { publicJwk: Object.assign({}, record.publicJwk, { note: 'x' }) })
    await keyring.refresh()
    expect(keyring.generation).toBe(2)
    expect(keyring.jwks()).toEqual(before)
  })

  test('gives MAC and sealing keys by id, and never one for the other', async () => {
    const { keyring } = await opened()
    expect(keyring.macKeyFor(keyring.macKey().kid)).toBe(keyring.macKey())
    expect(keyring.sealKeyFor(keyring.sealKey().kid)).toBe(keyring.sealKey())
    expect(keyring.macKeyFor(keyring.sealKey().kid)).toBeUndefined()
    expect(keyring.sealKeyFor(keyring.macKey().kid)).toBeUndefined()
    expect(keyring.macKeyFor('__proto__')).toBeUndefined()
  })

  test('answers nothing before open()', () => {
    const keyring = createKeyring({
      issuer,
      records: new MemoryKeyRecords(),
      store: new PlainKeyStore(),
      clock,
    })
    const notOpen = expect.objectContaining({ code: 'keyring/not-open' })
    expect(() => keyring.signer()).toThrow(notOpen)
    expect(() => keyring.jwks()).toThrow(notOpen)
    expect(() => keyring.macKeyFor('x')).toThrow(notOpen)
    expect(() => keyring.keySource().select({ alg: 'ES256', kid: 'x' })).toThrow(notOpen)
  })
})

describe('Keyring.refresh()', () => {
  test('does nothing but list when nothing changed', async () => {
    const { keyring, records, store } = await opened()
    const before = { signer: keyring.signer(), jwks: keyring.jwks(), opened: store.opened.length }
    await keyring.refresh()
    expect(keyring.generation).toBe(1)
    expect(keyring.signer()).toBe(before.signer)
    expect(keyring.jwks()).toBe(before.jwks)
    expect(store.opened).toHaveLength(before.opened)
    expect(records.lists).toBeGreaterThan(1)
  })

  test('follows a rollover: the spare signs, old tokens verify, no key is opened twice', async () => {
    const { keyring, records, store } = await opened()
    const source = keyring.keySource()
    const old = keyring.signer()
    const token = await signJwt({ typ: 'at+jwt', claims: {} }, old)
    const spare = spareOf(keyring)
    await records.transition(issuer, [step(old.kid, 1, 'retiring'), step(spare, 1, 'active')], [])
    await keyring.refresh()
    expect(keyring.generation).toBe(2)
    expect(keyring.signer().kid).toBe(spare)
    expect(keyring.jwks().keys.map(({ kid }) => kid)).toEqual([spare, old.kid])
    expect(verify(token, source).key.kid).toBe(old.kid)
    expect(new Set(store.opened).size).toBe(store.opened.length)
  })

  test('verifies with a pending key, which another node may already use', async () => {
    const { keyring, records, store } = await opened()
    const spare = spareOf(keyring)
    const record = await recordOf(records, spare)
    const token = await signJwt({ typ: 'at+jwt', claims: {} }, await store.signer(record))
    expect(verify(token, keyring.keySource()).key.kid).toBe(spare)
  })

  for (const state of ['suspended', 'compromised'] as const)
    test(`stops signing, publishing and verifying with a key that is ${state}`, async () => {
      const { keyring, records } = await opened()
      const { kid } = keyring.signer()
      const token = await signJwt({ typ: 'at+jwt', claims: {} }, keyring.signer())
      await records.transition(issuer, [step(kid, 1, state)], [])
      await keyring.refresh()
      expect(() => keyring.signer()).toThrow(expect.objectContaining({ code: 'keyring/no-active-key' }))
      expect(keyring.jwks().keys.some((key) => key.kid === kid)).toBe(false)
      expect(() => verify(token, keyring.keySource())).toThrow(
        expect.objectContaining({ code: 'token/unknown-key' }),
      )
    })

  test('still opens with a retiring sealing key, and no longer with a retired one', async () => {
    const { keyring, records } = await opened()
    const { kid } = keyring.sealKey()
    await records.transition(issuer, [step(kid, 1, 'retiring')], [])
    await keyring.refresh()
    expect(keyring.sealKeyFor(kid)?.kid).toBe(kid)
    expect(() => keyring.sealKey()).toThrow(expect.objectContaining({ code: 'keyring/no-active-key' }))
    await records.transition(issuer, [step(kid, 2, 'retired')], [])
    await keyring.refresh()
    expect(keyring.sealKeyFor(kid)).toBeUndefined()
  })

  test('keeps the present set when the store cannot open a key', async () => {
    const { keyring, records, store } = await opened()
    const before = keyring.signer()
    const added = await store.generate({ issuer, purpose: 'token-signing', alg: 'ES256' })
    const [record] = (await records.list(issuer)).filter(({ state }) => state === 'pending')
    if (record === undefined) throw new Error('Cannot test: there is no spare')
    await records.add(issuer, [{ ...record, ...added }], [])
    store.failing = true
    await expect(keyring.refresh()).rejects.toThrow('the device does not answer')
    expect(keyring.signer()).toBe(before)
    expect(keyring.generation).toBe(1)
    store.failing = false
    await keyring.refresh()
    expect(keyring.jwks().keys).toHaveLength(3)
  })

  test('never lets an older list replace a newer one', async () => {
    const { keyring, records } = await opened()
    const old = keyring.signer().kid
    const spare = spareOf(keyring)
    const list = records.list.bind(records)
    const slow = Promise.withResolvers<void>()
    let calls = 0
    records.list = async (of) => {
      const listed = await list(of)
      calls += 1
      if (calls === 1) await slow.promise
      return listed
    }
    const first = keyring.refresh()
    await records.transition(issuer, [step(old, 1, 'retiring'), step(spare, 1, 'active')], [])
    const second = keyring.refresh()
    await new Promise((resolve) => setImmediate(resolve)) // an unordered second load would be done by now
    slow.resolve()
    await Promise.all([first, second])
    expect(keyring.signer().kid).toBe(spare)
  })
})

describe('a record that contradicts itself', () => {
  test('is refused when its public part was swapped for another key', async () => {
    const { keyring, records, store } = await opened()
    const { kid } = keyring.signer()
    const foreign = await store.generate({ issuer, purpose: 'token-signing', alg: 'ES256' })
    records.tamper(kid, { publicJwk: foreign.publicJwk })
    await expectRefused(keyring)
  })

  test('is refused when the swapped public part claims the kid', async () => {
    const { keyring, records, store } = await opened()
    const { kid } = keyring.signer()
    const foreign = await store.generate({ issuer, purpose: 'token-signing', alg: 'ES256' })
    if (foreign.publicJwk === null) throw new Error('Cannot test: the key has no public part')
    records.tamper(kid, { publicJwk: { ...foreign.publicJwk, kid } })
    await expectRefused(keyring)
  })

  test('is refused when its public part holds a private member', async () => {
    const { keyring, records } = await opened()
    const { kid, publicJwk } = await recordOf(records, keyring.signer().kid)
    records.tamper(kid, { publicJwk: Object.assign({}, publicJwk, { d: 'c2VjcmV0' }) })
    await expectRefused(keyring)
    expect(JSON.stringify(keyring.jwks())).not.toContain('c2VjcmV0')
  })

  const signingChanges = [
    ['another algorithm', { alg: 'Ed25519' }],
    ['no public part', { publicJwk: null }],
  ] as const
  for (const [name, change] of signingChanges)
    test(`is refused with ${name}`, async () => {
      const { keyring, records } = await opened()
      records.tamper(keyring.signer().kid, change)
      await expectRefused(keyring)
    })

  test('is refused when its public part has another kid', async () => {
    const { keyring, records } = await opened()
    const { kid, publicJwk } = await recordOf(records, keyring.signer().kid)
    if (publicJwk === null) throw new Error('Cannot test: the key has no public part')
    records.tamper(kid, { publicJwk: { ...publicJwk, kid: 'other' } })
    await expectRefused(keyring)
  })

  const symmetricChanges = [
    ['an algorithm that is not of its purpose', { alg: 'none' }],
    ['a state that does not exist', JSON.parse('{"state":"ACTIVE"}')],
    ['a public part', { publicJwk: { kty: 'EC' } }],
  ] as const
  for (const [name, change] of symmetricChanges)
    test(`is refused when a symmetric key has ${name}`, async () => {
      const { keyring, records } = await opened()
      records.tamper(keyring.macKey().kid, change)
      await expectRefused(keyring)
    })

  test('is refused when the store lists it for another issuer', async () => {
    const { records, store, keyring } = await opened()
    const listed = await records.list(issuer)
    records.list = async () => listed
    const other = createKeyring({ issuer: 'https://other.example', records, store, clock })
    await expect(other.open()).rejects.toMatchObject({ code: 'keyring/record' })
    await keyring.refresh()
  })

  test('is refused when its public part is no key, although its kid is the thumbprint', async () => {
    const { keyring, records } = await opened()
    const record = await recordOf(records, spareOf(keyring))
    const offCurve = {
      kty: 'EC',
      crv: 'P-256',
      x: 'A'.repeat(43),
      y: 'A'.repeat(43),
      alg: 'ES256',
      use: 'sig',
    }
    const kid = jwkThumbprint(offCurve)
    await records.add(issuer, [{ ...record, kid, publicJwk: { ...offCurve, kid }, state: 'retiring' }], [])
    await expectRefused(keyring)
  })

  test('never lends an opened key to another purpose', async () => {
    const { keyring, records } = await opened()
    const { kid } = keyring.sealKey()
    records.tamper(kid, { purpose: 'refresh-mac', alg: 'HS256', state: 'retiring' })
    await keyring.refresh()
    expect(keyring.sealKeyFor(kid)).toBeUndefined()
    expect(keyring.macKeyFor(kid)?.kid).toBe(kid)
  })

  test('is not this node’s business when a newer one gave it a purpose unknown here', async () => {
    const { keyring, records } = await opened()
    const record = await recordOf(records, keyring.macKey().kid)
    const newer = JSON.parse(
      JSON.stringify({ ...record, kid: 'AAAAAAAAAAA', purpose: 'status-list', alg: 'X' }),
    )
    await records.add(issuer, [newer], [])
    await keyring.refresh()
    expect(keyring.macKey().kid).toBe(record.kid)
    expect(keyring.macKeyFor('AAAAAAAAAAA')).toBeUndefined()
  })

  test('is refused when it makes a second active key', async () => {
    const { keyring, records } = await opened()
    records.tamper(spareOf(keyring), { state: 'active' })
    await expectRefused(keyring)
  })

  test('is refused when the store opens another key for it', async () => {
    const { keyring, records, store } = await opened()
    records.tamper(keyring.signer().kid, { wrapped: `handle:${spareOf(keyring)}` })
    const again = createKeyring({ issuer, records, store, clock })
    await expect(again.open()).rejects.toMatchObject({ code: 'keyring/record' })
  })
})

async function expectRefused(keyring: Keyring): Promise<void> {
  const before = keyring.signer()
  await expect(keyring.refresh()).rejects.toMatchObject({ code: 'keyring/record' })
  expect(keyring.signer()).toBe(before)
}

async function opened(options: Partial<KeyringOptions> = {}): Promise<{
  readonly keyring: Keyring
  readonly records: MemoryKeyRecords
  readonly store: PlainKeyStore
}> {
  const records = new MemoryKeyRecords()
  const store = new PlainKeyStore()
  const keyring = createKeyring({ issuer, records, store, clock, ...options })
  await keyring.open()
  return { keyring, records, store }
}

async function recordOf(records: MemoryKeyRecords, wanted: string): Promise<KeyRecord> {
  const record = (await records.list(issuer)).find(({ kid }) => kid === wanted)
  if (record === undefined) throw new Error('Cannot test: the record is missing')
  return record
}

function spareOf(keyring: Keyring): string {
  const spare = keyring.jwks().keys.find(({ kid }) => kid !== keyring.signer().kid)?.kid
  if (spare === undefined) throw new Error('Cannot test: there is no spare')
  return spare
}

function step(kid: string, version: number, to: KeyTransition['to']): KeyTransition {
  return { kid, version, to, at: 2000 }
}

const issuer = 'https://issuer.example'
const clock = { now: () => 1000.7 }
