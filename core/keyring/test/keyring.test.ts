import { createKeyring, type Keyring } from '@jotwarden/keyring'
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

  for (const purpose of ['refresh-mac', 'sealing'] as const)
    test(`knows a ${purpose} key that another node made active, before the records are read again`, async () => {
      const { keyring: behind, records, store } = await opened()
      const ahead = createKeyring({ issuer, records, store, clock })
      await ahead.open()
      const ofPurpose = (await records.list(issuer)).filter((record) => record.purpose === purpose)
      const steps = ofPurpose.map(({ kid, state }) =>
        step(kid, 1, state === 'active' ? 'retiring' : 'active'),
      )
      await records.transition(issuer, steps, [])
      await ahead.refresh()
      const [newer, known] =
        purpose === 'sealing'
          ? [ahead.sealKey(), behind.sealKeyFor(ahead.sealKey().kid)]
          : [ahead.macKey(), behind.macKeyFor(ahead.macKey().kid)]
      expect(newer.kid).toBe(ofPurpose.find(({ state }) => state === 'pending')?.kid)
      expect(known?.kid).toBe(newer.kid)
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

describe('a key that cannot be opened', () => {
  test('is left out of all that signs, verifies and is published, and told; open() goes on', async () => {
    const { keyring, records, store } = await opened()
    const spare = spareOf(keyring)
    records.tamper(spare, { wrapped: 'handle:nothing' })
    const again = createKeyring({ issuer, records, store, clock })
    await again.open()
    expect(again.signer().kid).toBe(keyring.signer().kid)
    expect(again.jwks().keys.map(({ kid }) => kid)).toEqual([keyring.signer().kid])
    expect(again.keySource().select({ alg: 'ES256', kid: spare })).toEqual([])
    const [problem, ...more] = again.problems
    expect(problem).toMatchObject({ code: 'keyring/unreadable', cause: expect.any(Error) })
    expect(problem?.message).toContain(spare)
    expect(more).toEqual([])
  })

  for (const state of ['suspended', 'compromised'] as const)
    test(`does not keep a key in use that is ${state}`, async () => {
      const { keyring, records } = await opened()
      const { kid } = keyring.signer()
      const token = await signJwt({ typ: 'at+jwt', claims: {} }, keyring.signer())
      await addUnreadable(records, 'pending')
      await records.transition(issuer, [step(kid, 1, state)], [])
      await keyring.refresh()
      expectGone(keyring, kid, token)
      expect(keyring.problems).toHaveLength(1)
    })

  test('does not keep a stolen key in use when it is the new active one, although refresh() throws', async () => {
    const { keyring, records } = await opened()
    const { kid } = keyring.signer()
    const token = await signJwt({ typ: 'at+jwt', claims: {} }, keyring.signer())
    await records.transition(issuer, [step(kid, 1, 'compromised')], [])
    await addUnreadable(records, 'active')
    await expect(keyring.refresh()).rejects.toThrow('the device does not answer')
    expectGone(keyring, kid, token)
    expect(keyring.jwks().keys).toHaveLength(1)
    expect(keyring.macKey().kid).not.toBe('')
    expect(keyring.generation).toBe(2)
    await expect(keyring.refresh()).rejects.toThrow('the device does not answer')
    expect(keyring.generation).toBe(2)
  })

  test('does not keep a stolen key in use when another record contradicts itself', async () => {
    const { keyring, records } = await opened()
    const { kid } = keyring.signer()
    const token = await signJwt({ typ: 'at+jwt', claims: {} }, keyring.signer())
    await records.transition(issuer, [step(kid, 1, 'compromised')], [])
    records.tamper(keyring.macKey().kid, { alg: 'none' })
    await expect(keyring.refresh()).rejects.toMatchObject({ code: 'keyring/record' })
    expectGone(keyring, kid, token)
  })

  test('withdraws MAC and sealing keys too', async () => {
    const { keyring, records } = await opened()
    const [mac, seal] = [keyring.macKey().kid, keyring.sealKey().kid]
    await records.transition(issuer, [step(mac, 1, 'compromised'), step(seal, 1, 'suspended')], [])
    records.tamper(spareOf(keyring), { alg: 'none' })
    await expect(keyring.refresh()).rejects.toMatchObject({ code: 'keyring/record' })
    expect(keyring.macKeyFor(mac)).toBeUndefined()
    expect(keyring.sealKeyFor(seal)).toBeUndefined()
    expect(() => keyring.macKey()).toThrow(expect.objectContaining({ code: 'keyring/no-active-key' }))
  })

  test('leaves the present set alone when the active one cannot be opened and no key was withdrawn', async () => {
    const { keyring, records } = await opened()
    const before = { signer: keyring.signer(), jwks: keyring.jwks() }
    await records.transition(issuer, [step(before.signer.kid, 1, 'retiring')], [])
    await addUnreadable(records, 'active')
    await expect(keyring.refresh()).rejects.toThrow('the device does not answer')
    expect(keyring.signer()).toBe(before.signer)
    expect(keyring.jwks()).toBe(before.jwks)
    expect(keyring.generation).toBe(1)
  })

  test('is tried again at the next refresh(), even when no record changed', async () => {
    const { keyring, records, store } = await opened()
    const added = await store.generate({ issuer, purpose: 'token-signing', alg: 'ES256' })
    await records.add(issuer, [{ ...(await recordOf(records, spareOf(keyring))), ...added }], [])
    store.failing = true
    await keyring.refresh()
    expect(keyring.jwks().keys).toHaveLength(2)
    store.failing = false
    await keyring.refresh()
    expect(keyring.jwks().keys).toHaveLength(3)
    expect(keyring.problems).toEqual([])
  })

  test('is no reason to start when it is the active one', async () => {
    const { keyring, records, store } = await opened()
    records.tamper(keyring.macKey().kid, { wrapped: 'handle:nothing' })
    const again = createKeyring({ issuer, records, store, clock })
    await expect(again.open()).rejects.toThrow('the device does not answer')
  })
})

/** A signing key of its own whose private part the store does not have. */
async function addUnreadable(records: MemoryKeyRecords, state: 'pending' | 'active'): Promise<void> {
  const elsewhere = await new PlainKeyStore().generate({ issuer, purpose: 'token-signing', alg: 'ES256' })
  const [record] = (await records.list(issuer)).filter(({ purpose }) => purpose === 'token-signing')
  if (record === undefined) throw new Error('Cannot test: there is no signing key')
  expect(await records.add(issuer, [{ ...record, ...elsewhere, state, version: 1 }], [])).toBe('added')
}

function expectGone(keyring: Keyring, gone: string, token: string): void {
  expect(() => keyring.signer()).toThrow(expect.objectContaining({ code: 'keyring/no-active-key' }))
  expect(keyring.jwks().keys.some(({ kid }) => kid === gone)).toBe(false)
  expect(() => verify(token, keyring.keySource())).toThrow(
    expect.objectContaining({ code: 'token/unknown-key' }),
  )
}
