import { createKeyring } from '@jotwarden/keyring'
import { signJwt, verify } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { clock, issuer, opened, recordOf, spareOf, step } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'

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
