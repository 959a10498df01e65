import { createKeyring } from '@jotwarden/keyring'
import { jwkThumbprint } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { clock, issuer, opened, step } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'

describe('Keyring.open() on a first start', () => {
  test('makes an active key of each purpose, and a pending spare', async () => {
    const { records } = await opened()
    expect((await records.list(issuer)).map(({ purpose, state }) => `${purpose} ${state}`).sort()).toEqual([
      'refresh-mac active',
      'refresh-mac pending',
      'sealing active',
      'sealing pending',
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
      ...Array<string>(6).fill('key-created first-start 1000'),
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
    expect(await records.list(issuer)).toHaveLength(6)
    expect(records.events).toHaveLength(9)
  })

  test('of 8 racing first starts ends with one set that all of them hold', async () => {
    const records = new MemoryKeyRecords()
    const store = new PlainKeyStore()
    const racing = Array.from({ length: 8 }, () => createKeyring({ issuer, records, store, clock }))
    await Promise.all(racing.map((keyring) => keyring.open()))
    expect(await records.list(issuer)).toHaveLength(6)
    expect(records.events).toHaveLength(9)
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
    expect(await records.list(issuer)).toHaveLength(6)
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
    expect(await older.list(issuer)).toHaveLength(6)
  })

  test('keeps issuers apart', async () => {
    const { keyring, records, store } = await opened()
    const other = createKeyring({ issuer: 'https://other.example', records, store, clock })
    await other.open()
    expect(other.signer().kid).not.toBe(keyring.signer().kid)
    expect(other.macKeyFor(keyring.macKey().kid)).toBeUndefined()
  })
})
