import { createKeyring, type Keyring } from '@jotwarden/keyring'
import { jwkThumbprint } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { clock, issuer, opened, recordOf, spareOf } from './opened-keyring.ts'

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
