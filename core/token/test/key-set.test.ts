import { importSignKey, importVerifyKey, KeySet, type PublicJwk, signJwt, verify } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { codeOf, ed25519, es256, keyPairSample, rs256, signedToken } from './samples.ts'

const all = KeySet.fromJwks({ keys: [es256.publicJwk, ed25519.publicJwk, rs256.publicJwk] })

describe('KeySet.fromJwks', () => {
  test.each([es256, ed25519, rs256])('verifies under the key of $alg that the kid names', (sample) => {
    expect(verify(signedToken(sample), all).key).toMatchObject({ alg: sample.alg, kid: sample.kid })
  })

  test('skips keys it cannot use and keeps the rest (RFC 7517 §5)', () => {
    const unusable: readonly unknown[] = [
      { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AA', kid: 'a' },
      { kty: 'constructor' },
      { ...es256.publicJwk, kid: 'b', use: 'enc' },
      { ...es256.publicJwk, kid: 'c', alg: 'ES384' },
      { ...es256.publicJwk, kid: 'd', y: es256.publicJwk.x },
      { ...es256.publicJwk, kid: '' },
      { ...es256.publicJwk, kid: 7 },
      { ...rs256.publicJwk, kid: 'e', n: 'AQAB' },
      { kty: 'EC', crv: 'P-256', x: es256.publicJwk.x, kid: 'f' },
      null,
      'key',
      [],
      {},
    ]
    const set = KeySet.fromJwks({ keys: [...unusable, es256.publicJwk] })
    expect(set.size).toBe(1)
    expect(verify(signedToken(es256), set).key.kid).toBe(es256.kid)
    for (const kid of ['a', 'b', 'c', 'd', 'e', 'f', '']) expect(set.has(kid)).toBe(false)
  })

  test('refuses the whole set for one symmetric or private key', () => {
    for (const odd of [
      { kty: 'oct', k: 'AA' },
      { kty: 'oct' },
      es256.privateJwk,
      rs256.privateJwk,
      { kty: 'AKP', priv: 'AA' },
    ])
      expect(codeOf(() => KeySet.fromJwks({ keys: [ed25519.publicJwk, odd] }))).toBe(
        'key/private-in-public-set',
      )
  })

  test('takes 100 keys and refuses 101', () => {
    const keys = Array.from({ length: 101 }, (_, at) => ({ ...es256.publicJwk, kid: `k${at}` }))
    expect(KeySet.fromJwks({ keys: keys.slice(0, 100) }).size).toBe(100)
    expect(codeOf(() => KeySet.fromJwks({ keys }))).toBe('key/malformed')
    expect(codeOf(() => KeySet.fromJwks({ keys: Array.from({ length: 101 }, () => null) }))).toBe(
      'key/malformed',
    )
  })

  test('refuses two keys of one kid and algorithm, and takes two of different algorithms', () => {
    const twin = { ...keyPairSample('ES256', es256.kid).publicJwk }
    expect(codeOf(() => KeySet.fromJwks({ keys: [es256.publicJwk, twin] }))).toBe('key/malformed')
    expect(codeOf(() => KeySet.fromJwks({ keys: [es256.publicJwk, es256.publicJwk] }))).toBe('key/malformed')
    const set = KeySet.fromJwks({ keys: [es256.publicJwk, { ...ed25519.publicJwk, kid: es256.kid }] })
    expect(verify(signedToken(es256), set).key.alg).toBe('ES256')
    for (const alg of ['ES256', 'Ed25519'])
      expect(set.select({ alg, kid: es256.kid }).map((key) => key.alg)).toEqual([alg])
  })

  test('takes several keys without a kid, and finds none of them under the empty one', () => {
    const keys = ['one', 'two'].map((label): PublicJwk => {
      const { kid: _, ...nameless } = keyPairSample('ES256', label).publicJwk
      return nameless
    })
    const { kid: _, ...own } = es256.publicJwk
    const set = KeySet.fromJwks({ keys: [...keys, own] })
    expect(set.size).toBe(3)
    expect(verify(signedToken(es256, { kid: undefined }), set).key.kid).toBeUndefined()
    expect(set.has('')).toBe(false)
    for (const kid of ['', 'undefined']) {
      expect(set.select({ alg: 'ES256', kid })).toEqual([])
      expect(codeOf(() => verify(signedToken(es256, { kid }), set))).toBe('token/unknown-key')
    }
  })

  test.each<unknown>([null, undefined, [], {}, 'text', { keys: {} }, { keys: 'x' }, { keys: null }])(
    'refuses the set %j',
    (odd) => {
      expect(codeOf(() => KeySet.fromJwks(odd))).toBe('key/malformed')
    },
  )

  test('takes RSA keys without alg only when it is told which they are', () => {
    const { alg: _, ...bare } = rs256.publicJwk
    expect(KeySet.fromJwks({ keys: [bare] }).size).toBe(0)
    expect(verify(signedToken(rs256), KeySet.fromJwks({ keys: [bare] }, { rsaAlg: 'RS256' })).key.alg).toBe(
      'RS256',
    )
    expect(KeySet.fromJwks({ keys: [bare] }, { rsaAlg: 'HS256' }).size).toBe(0)
  })
})

test('KeySet.fromJwks: rsaAlg is for RSA keys that state none, and for no other', () => {
  const { alg: _, ...nameless } = es256.publicJwk
  const stated = { ...rs256.publicJwk, alg: 'PS256' }
  const set = KeySet.fromJwks({ keys: [nameless, stated] }, { rsaAlg: 'RS256' })
  expect(set.select({ alg: 'ES256', kid: es256.kid })).toHaveLength(1)
  expect(set.select({ alg: 'PS256', kid: rs256.kid })).toHaveLength(1)
  expect(set.size).toBe(2)
})

describe('KeySet.fromJwks and EdDSA (RFC 9864)', () => {
  const { alg: _, ...nameless } = ed25519.publicJwk
  const older = { ...nameless, alg: 'EdDSA' }
  const [newName, oldName] = ['Ed25519', 'EdDSA'].map((alg) => signedToken(ed25519, { alg })) as [
    string,
    string,
  ]
  const verdict = (token: string, jwk: unknown, acceptEdDSA: boolean): string => {
    const set = KeySet.fromJwks({ keys: [jwk] }, acceptEdDSA ? { acceptEdDSA } : {})
    try {
      return verify(token, set).header.alg
    } catch {
      return codeOf(() => verify(token, set))
    }
  }

  test.each([
    ['states no alg', nameless, false, 'Ed25519', 'token/alg'],
    ['states no alg', nameless, true, 'Ed25519', 'EdDSA'],
    ['states Ed25519', ed25519.publicJwk, false, 'Ed25519', 'token/alg'],
    ['states Ed25519', ed25519.publicJwk, true, 'Ed25519', 'token/alg'],
    ['states EdDSA', older, false, 'token/unknown-key', 'token/alg'],
    ['states EdDSA', older, true, 'token/unknown-key', 'EdDSA'],
  ])('a key that %s, accepted: $2', (_title, jwk, accept, forNew, forOld) => {
    expect([verdict(newName, jwk, accept), verdict(oldName, jwk, accept)]).toEqual([forNew, forOld])
  })

  test.each(['eddsa', 'Ed448', 'HS1', 'none', 'ES256K', ''])(
    'a key of the older name verifies no token that says %j',
    (alg) => {
      const token = signedToken(ed25519, { alg })
      expect(codeOf(() => verify(token, KeySet.fromJwks({ keys: [older] }, { acceptEdDSA: true })))).toBe(
        'token/alg',
      )
      expect(codeOf(() => verify(token, importVerifyKey(older, { acceptEdDSA: true })))).toBe('token/alg')
    },
  )

  test('nothing is signed under the older name', () => {
    expect(codeOf(() => importSignKey({ ...ed25519.privateJwk, alg: 'EdDSA' }))).toBe('key/unsupported')
    expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, alg: 'EdDSA' }, { acceptEdDSA: true }))).toBe(
      'key/mismatch',
    )
  })
})

describe('KeySet.select', () => {
  test('gives keys of the kid and the algorithm alone', () => {
    expect(all.select({ alg: 'ES256', kid: es256.kid })).toHaveLength(1)
    for (const header of [
      { alg: 'RS256', kid: es256.kid },
      { alg: 'es256', kid: es256.kid },
      { alg: 'none', kid: es256.kid },
      { alg: 'ES256', kid: 'unknown' },
      { alg: 'ES256', kid: '' },
      { alg: 'ES256', kid: '__proto__' },
    ])
      expect(all.select(header)).toEqual([])
  })

  test('without a kid gives up to 4 keys of the algorithm, and none of more', async () => {
    const samples = Array.from({ length: 5 }, (_, at) => keyPairSample('ES256', `k${at}`))
    const keys = samples.map((sample): PublicJwk => sample.publicJwk)
    const [, , , last] = samples
    if (last === undefined) throw new TypeError('there are five')
    const nameless = signedToken(last, { kid: undefined })
    expect(verify(nameless, KeySet.fromJwks({ keys: keys.slice(0, 4) })).key.kid).toBe('k3')
    expect(codeOf(() => verify(nameless, KeySet.fromJwks({ keys })))).toBe('token/unknown-key')
    expect(
      verify(await signJwt({ typ: 'JWT', claims: {} }, last.signer), KeySet.fromJwks({ keys })).key.kid,
    ).toBe('k3')
  })
})
