import { createKeyring, type ImportKeysRequest, importKeys } from '@jotwarden/keyring'
import { generateKeyPair } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer, opened, recordOf } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

const UNTIL = 100_000

describe('importKeys()', () => {
  test('publishes the keys under their own ids, for verifying alone, until the date', async () => {
    const { records, keyring, clock } = await planned()
    const active = keyring.signer().kid
    const imported = await importKeys(records, request([former('former-key'), former('b', 'RS256')]))
    expect(imported).toEqual({ imported: ['former-key', 'b'], findings: [] })
    await keyring.refresh()
    expect(kids(keyring)).toEqual(expect.arrayContaining(['former-key', 'b', active]))
    expect(keyring.signer().kid).toBe(active)
    expect(records.events.filter(({ cause }) => cause === 'imported').map(({ kid }) => kid)).toEqual([
      'former-key',
      'b',
    ])
    clock.time = UNTIL - 1
    await keyring.renew()
    await keyring.tend()
    expect(kids(keyring)).toContain('b')
    clock.time = UNTIL
    await keyring.renew()
    await keyring.tend()
    expect(kids(keyring)).not.toContain('b')
    expect(await recordOf(records, 'b')).toMatchObject({ state: 'retired', wrapped: null })
  })

  test('an imported key can be withdrawn as any other', async () => {
    const { keyring, records } = await opened()
    await importKeys(records, request([former('a')]))
    await keyring.refresh()
    await keyring.compromise('a')
    expect(kids(keyring)).not.toContain('a')
  })

  test('of two callers with one key one imports it, and the other is told', async () => {
    const { records } = await opened()
    const keys = [former('a')]
    const outcomes = await Promise.all([
      importKeys(records, request(keys)),
      importKeys(records, request(keys)),
    ])
    expect(outcomes.map(({ imported }) => imported.length).toSorted()).toEqual([0, 1])
    expect(outcomes.flatMap(({ findings }) => findings)).toEqual([
      { index: 0, problem: 'has the kid of a key that is here' },
    ])
  })

  test('a dry run finds the same and changes nothing', async () => {
    const { records } = await opened()
    const before = await records.list(issuer)
    expect(await importKeys(records, { ...request([former('a')]), dryRun: true })).toEqual({
      imported: ['a'],
      findings: [],
    })
    expect(await records.list(issuer)).toEqual(before)
  })

  test('leaves room for keys of our own, however often keys are imported', async () => {
    const { records, keyring } = await opened()
    const batch = (name: string) => Array.from({ length: 20 }, (_, i) => former(`${name}${i}`))
    for (const name of ['a', 'b'])
      expect((await importKeys(records, request(batch(name)))).imported).toHaveLength(20)
    const third = await importKeys(records, request(batch('c')))
    expect(third.imported).toEqual([])
    expect(third.findings).toEqual([{ index: 8, problem: expect.stringContaining('50 keys are published') }])
    await keyring.refresh()
    expect(kids(keyring)).toHaveLength(42)
  })

  const weak = { ...former('a', 'RS256'), n: former('a', 'RS256').n?.slice(0, 171) }
  for (const [name, wrong, problem] of [
    ['a private part', generateKeyPair('ES256').privateJwk, 'has a private part'],
    ['a symmetric key', { kty: 'oct', kid: 'a', k: 'c2VjcmV0' }, 'has a private part'],
    ['no kid', { ...former('a'), kid: undefined }, 'has no kid'],
    ['a kid with a space', { ...former('a'), kid: 'a b' }, 'has no kid'],
    ['another algorithm than its kty', { ...former('a'), alg: 'RS256' }, 'is refused'],
    [
      'an algorithm that is not accepted',
      { ...former('a', 'RS256'), alg: 'PS256' },
      'not accepted|is refused',
    ],
    ['use for encryption', { ...former('a'), use: 'enc' }, 'is refused'],
    ['too short a modulus', weak, 'is refused'],
    ['a point that is on no curve', { ...former('a'), x: 'A'.repeat(43) }, 'is refused'],
    ['no object', 'key', 'is refused'],
  ] as const)
    test(`imports nothing when one has ${name}`, async () => {
      const { records } = await opened()
      const before = await records.list(issuer)
      const outcome = await importKeys(records, request([former('good'), wrong]))
      expect(outcome.imported).toEqual([])
      expect(outcome.findings).toEqual([{ index: 1, problem: expect.stringMatching(problem) }])
      expect(JSON.stringify(outcome)).not.toContain('c2VjcmV0')
      expect(await records.list(issuer)).toEqual(before)
    })

  test('refuses one kid twice, one of ours, and more than twenty', async () => {
    const { records, keyring } = await opened()
    const twice = await importKeys(records, request([former('a'), former('a')]))
    expect(twice.findings).toEqual([{ index: 1, problem: 'has the kid of another one' }])
    const ours = await importKeys(records, request([former(keyring.signer().kid)]))
    expect(ours.findings).toEqual([{ index: 0, problem: 'has the kid of a key that is here' }])
    const many = await importKeys(records, request(Array.from({ length: 21 }, (_, i) => former(`k${i}`))))
    expect(many.findings).toEqual([{ index: 20, problem: 'is one more than 20' }])
  })
})

test('a key that has signed here keeps its thumbprint as its id, whatever its row says', async () => {
  const { keyring, records } = await opened()
  const { publicJwk } = await recordOf(records, keyring.signer().kid)
  records.tamper(keyring.signer().kid, {
    state: 'retiring',
    wrapped: null,
    publicJwk: { ...former('x'), kid: publicJwk?.kid ?? '' },
  })
  await expect(keyring.refresh()).rejects.toMatchObject({ code: expect.stringContaining('keyring/') })
})

async function planned() {
  const records = new MemoryKeyRecords()
  const clock = { time: 1000, now: () => clock.time }
  const schedule = { plan, latestEnd: async () => 0 }
  const keyring = createKeyring({ issuer, records, store: new PlainKeyStore(), clock, schedule })
  await keyring.open()
  return { records, keyring, clock }
}

function request(keys: readonly unknown[]): ImportKeysRequest {
  return { issuer, keys, until: UNTIL, now: 1000, dryRun: false }
}

function former(name: string, alg: 'ES256' | 'RS256' = 'ES256') {
  return { ...generateKeyPair(alg).publicJwk, kid: name }
}

function kids(keyring: { jwks(): { readonly keys: readonly { readonly kid?: string }[] } }) {
  return keyring.jwks().keys.map(({ kid }) => kid)
}
