import { decodeBase64url, importSignKey, importVerifyKey, KeySet, type PublicJwk } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { ed25519, es256, keyPairSample, refusalOf, rs256, segment } from './samples.ts'

const mlDsa44 = keyPairSample('ML-DSA-44', 'ml')

describe('a key is refused with a message that names what is wrong', () => {
  const without = (jwk: PublicJwk, name: keyof PublicJwk): PublicJwk => ({ ...jwk, [name]: undefined })
  const set = (keys: unknown) => () => KeySet.fromJwks({ keys })

  test.each<[message: string, act: () => unknown]>([
    [
      'Cannot import the key: it has no alg, which its kty requires',
      () => importVerifyKey(without(mlDsa44.publicJwk, 'alg')),
    ],
    [
      'Cannot import the key: its alg is not the one asked for',
      () => importVerifyKey(es256.publicJwk, { alg: 'ES384' }),
    ],
    [
      'Cannot import the key: its alg is not the one asked for',
      () => importVerifyKey({ ...ed25519.publicJwk, alg: 'EdDSA' }, { alg: 'Ed25519', acceptEdDSA: true }),
    ],
    [
      'Cannot import the key: its algorithm is unknown or ambiguous',
      () => importVerifyKey(without(rs256.publicJwk, 'alg')),
    ],
    [
      'Cannot import the key: its algorithm is unknown or ambiguous',
      () => importVerifyKey({ ...without(ed25519.publicJwk, 'alg'), kty: 'EC' }),
    ],
    [
      'Cannot import the key: its kty and crv do not fit its algorithm',
      () => importVerifyKey({ ...es256.publicJwk, crv: 'P-384' }),
    ],
    [
      'Cannot import the key: its use or key_ops exclude verify',
      () => importVerifyKey({ ...es256.publicJwk, key_ops: ['sign'] }),
    ],
    [
      'Cannot import the key: its use or key_ops exclude sign',
      () => importSignKey({ ...es256.privateJwk, use: 'enc' }),
    ],
    [
      'Cannot import the key: its point is not on the curve, or of small order',
      () => importVerifyKey({ ...ed25519.publicJwk, x: segment(new Uint8Array(32)) }),
    ],
    [
      'Cannot import the key: a number has the wrong length',
      () => importVerifyKey({ ...es256.publicJwk, x: 'AAAA' }),
    ],
    [
      'Cannot import the key: a required number is missing',
      () => importVerifyKey(without(es256.publicJwk, 'y')),
    ],
    [
      'Cannot import the key: a required number is missing',
      () => importVerifyKey({ ...rs256.publicJwk, n: '' }),
    ],
    [
      'Cannot import the key: a number is not base64url',
      () => importVerifyKey({ ...es256.publicJwk, y: `${es256.publicJwk.y}=` }),
    ],
    [
      'Cannot import the key: its kid is empty or over 256 characters',
      () => importVerifyKey({ ...es256.publicJwk, kid: '' }),
    ],
    ['Cannot read the key set: it has no array of keys', set('none')],
    ['Cannot read the key set: it has more than 100 keys', set(Array.from({ length: 101 }))],
    ['Cannot read the key set: two keys share kid and alg', set([es256.publicJwk, es256.publicJwk])],
  ])('%s', (message, act) => {
    expect(refusalOf(act).message).toBe(message)
  })
})

describe('a private number that only a lenient reader takes', () => {
  const rsa = (['d', 'p', 'q', 'dp', 'dq', 'qi'] as const).map((name) => ({ ...rs256, name }))
  const fixed = [
    { ...es256, name: 'd' as const },
    { ...ed25519, name: 'd' as const },
    { ...mlDsa44, name: 'priv' as const },
  ]

  test.each([...fixed, ...rsa])('is refused where it is padded: $name of $alg', ({ privateJwk, name }) => {
    const padded = { ...privateJwk, [name]: `${privateJwk[name]}=` }
    expect(refusalOf(() => importSignKey(padded)).message).toBe(
      'Cannot import the key: a number is not base64url',
    )
  })

  test.each(fixed)('is refused where it is too long: $name of $alg', ({ privateJwk, name }) => {
    const bytes = decodeBase64url(privateJwk[name] ?? '')
    const longer = { ...privateJwk, [name]: segment(Uint8Array.of(0, ...bytes)) }
    expect(refusalOf(() => importSignKey(longer)).message).toBe(
      'Cannot import the key: a number has the wrong length',
    )
  })
})
