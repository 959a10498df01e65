import { type PrivateJwk, type PublicJwk, parsePrivateJwk, publicJwkOf, Secret } from '@jotwarden/token'
import {
  importDecryptKey,
  importPassword,
  importPrivateDecryptKey,
  importPublicEncryptKey,
  importSharedDecryptKey,
  importSharedJwk,
  importSharedKey,
} from '@jotwarden/token/jwe'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../samples.ts'
import { asyncCodeOf, ENCS, privateJwk } from './samples.ts'

const rsa = await privateJwk('RSA-OAEP-256', '')
const p256 = await privateJwk('ECDH-ES', 'P-256')
const x25519 = await privateJwk('ECDH-ES', 'X25519')
const otherP256 = await fresh('P-256')
const otherX25519 = await fresh('X25519')
const encs = ['A256GCM'] as const

describe('importPrivateDecryptKey', () => {
  test.each([
    ['RSA-OAEP-256', rsa],
    ['ECDH-ES', p256],
    ['ECDH-ES+A192KW', x25519],
  ] as const)('binds a key to %s, its kid and its encs', async (alg, jwk) => {
    const key = await importPrivateDecryptKey({ ...jwk, kid: 'k', use: 'enc' }, { alg, encs })
    expect(key).toMatchObject({ alg, encs, kid: 'k', authenticates: false })
    expect((await importPrivateDecryptKey({ ...jwk, alg }, { encs })).alg).toBe(alg)
    expect(JSON.stringify(key)).not.toContain(jwk.d)
  })

  test.each<[string, PrivateJwk, Record<string, unknown>, string]>([
    ['no alg', rsa, {}, 'key/unsupported'],
    ['an alg of signatures', rsa, { alg: 'RS256' }, 'key/unsupported'],
    ['RSA1_5', rsa, { alg: 'RSA1_5' }, 'key/unsupported'],
    ['RSA-OAEP', rsa, { alg: 'RSA-OAEP' }, 'key/unsupported'],
    ['an alg other than its own', { ...rsa, alg: 'RSA-OAEP-512' }, { alg: 'RSA-OAEP-256' }, 'key/mismatch'],
    ['a symmetric alg', p256, { alg: 'A128KW' }, 'key/mismatch'],
    ['an RSA alg for an EC key', p256, { alg: 'RSA-OAEP-256' }, 'key/mismatch'],
    ['an EC alg for an RSA key', rsa, { alg: 'ECDH-ES' }, 'key/mismatch'],
    ['use sig', { ...rsa, use: 'sig' }, { alg: 'RSA-OAEP-256' }, 'key/mismatch'],
    ['key_ops sign', { ...rsa, key_ops: ['sign'] }, { alg: 'RSA-OAEP-256' }, 'key/mismatch'],
    ['key_ops encrypt', { ...rsa, key_ops: ['encrypt'] }, { alg: 'RSA-OAEP-256' }, 'key/mismatch'],
    ['no key_ops at all', { ...p256, key_ops: [] }, { alg: 'ECDH-ES' }, 'key/mismatch'],
    ['no enc', rsa, { alg: 'RSA-OAEP-256', encs: [] }, 'key/unsupported'],
    ['an unknown enc', rsa, { alg: 'RSA-OAEP-256', encs: ['A256'] }, 'key/unsupported'],
    ['an enc twice', rsa, { alg: 'RSA-OAEP-256', encs: ['A256GCM', 'A256GCM'] }, 'key/unsupported'],
    ['an empty kid', { ...rsa, kid: '' }, { alg: 'RSA-OAEP-256' }, 'key/malformed'],
    ['another curve', { ...p256, crv: 'secp256k1' }, { alg: 'ECDH-ES' }, 'key/mismatch'],
    ['a curve of signatures', { ...x25519, crv: 'Ed25519' }, { alg: 'ECDH-ES' }, 'key/mismatch'],
    ['a point off its curve', { ...p256, x: otherP256.x ?? '' }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['a short coordinate', { ...p256, x: 'AAAA' }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['a zero byte before x', { ...p256, x: longer(p256.x) }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['a zero byte before y', { ...p256, y: longer(p256.y) }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['a zero byte before d', { ...p256, d: longer(p256.d) }, { alg: 'ECDH-ES' }, 'key/malformed'],
    [
      'no y',
      { kty: 'EC', crv: 'P-256', x: p256.x ?? '', d: p256.d ?? '' },
      { alg: 'ECDH-ES' },
      'key/malformed',
    ],
    ['an x that is not canonical', { ...p256, x: `${p256.x}=` }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['a point of small order', { ...x25519, x: 'A'.repeat(43) }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['a short d', { ...p256, d: 'AAAA' }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['a d that is padded', { ...p256, d: `${p256.d}=` }, { alg: 'ECDH-ES' }, 'key/malformed'],
    [
      'an RSA d alone',
      { kty: 'RSA', n: rsa.n ?? '', e: rsa.e ?? '', d: rsa.d ?? '' },
      { alg: 'RSA-OAEP-256' },
      'key/malformed',
    ],
    ['a y under X25519', { ...x25519, y: x25519.x ?? '' }, { alg: 'ECDH-ES' }, 'key/malformed'],
    ['another exponent', { ...rsa, e: 'AQ' }, { alg: 'RSA-OAEP-256' }, 'key/weak'],
    ['a short modulus', { ...rsa, n: (rsa.n ?? '').slice(0, 172) }, { alg: 'RSA-OAEP-256' }, 'key/weak'],
  ])('refuses a key with %s', async (_title, jwk, options, code) => {
    const importing = importPrivateDecryptKey(jwk, { encs, ...options } as { encs: typeof encs })
    expect(await asyncCodeOf(importing)).toBe(code)
  })

  test('refuses a private half of another public one', async () => {
    const options = { alg: 'ECDH-ES', encs } as const
    for (const [one, other] of [[p256, otherP256] as const, [x25519, otherX25519] as const]) {
      const code = await asyncCodeOf(
        importPrivateDecryptKey({ ...one, ...(other.d === undefined ? {} : { d: other.d }) }, options),
      )
      expect(['key/malformed', 'key/mismatch']).toContain(code)
    }
  })

  test('refuses RSA numbers of two keys', async () => {
    const other = await freshRsa()
    for (const mixed of [
      { ...other, n: rsa.n ?? '' },
      { ...rsa, n: other.n ?? '' },
    ]) {
      const code = await asyncCodeOf(importPrivateDecryptKey(mixed, { alg: 'RSA-OAEP-256', encs }))
      expect(['key/malformed', 'key/mismatch']).toContain(code)
    }
  })

  test('refuses a public key', async () => {
    const jwk = publicJwkOf(rsa) as PrivateJwk
    expect(await asyncCodeOf(importPrivateDecryptKey(jwk, { alg: 'RSA-OAEP-256', encs }))).toBe(
      'key/malformed',
    )
  })
})

describe('importPublicEncryptKey', () => {
  test('takes a public key, and one whose key_ops are empty as those of an agreement are', async () => {
    const jwk = { ...publicJwkOf(p256), key_ops: [], kid: 'k' }
    const key = await importPublicEncryptKey(jwk, { alg: 'ECDH-ES', enc: 'A128GCM' })
    expect(key).toMatchObject({ alg: 'ECDH-ES', enc: 'A128GCM', kid: 'k' })
  })

  test.each<[string, PublicJwk, string]>([
    ['a private key', rsa, 'key/private-in-public-set'],
    ['a signature key', { ...publicJwkOf(rsa), use: 'sig' }, 'key/mismatch'],
    ['a key that decrypts alone', { ...publicJwkOf(rsa), key_ops: ['decrypt'] }, 'key/mismatch'],
    ['an RSA key without operations', { ...publicJwkOf(rsa), key_ops: [] }, 'key/mismatch'],
  ])('refuses %s', async (_title, jwk, code) => {
    const importing = importPublicEncryptKey(jwk, { alg: 'RSA-OAEP-256', enc: 'A128GCM' })
    expect(await asyncCodeOf(importing)).toBe(code)
  })
})

describe('importSharedKey', () => {
  test.each([
    ['A128KW', 16],
    ['A192KW', 24],
    ['A256KW', 32],
    ['A128GCMKW', 16],
    ['A192GCMKW', 24],
    ['A256GCMKW', 32],
    ['dir', 32],
  ] as const)('%s takes exactly %i bytes', (alg, length) => {
    const imported = (bytes: Uint8Array) => importSharedKey(Secret.fromBytes(bytes), { alg, encs })
    expect(imported(bytesOf('k', length)).decrypt).toMatchObject({ alg, authenticates: true })
    for (const other of [0, 1, length - 1, length + 1, 64])
      expect(() => imported(bytesOf('k', other))).toThrow(expect.objectContaining({ code: 'key/weak' }))
    expect(() => imported(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'key/weak' }))
  })

  test('refuses a publicly known secret', () => {
    const known = Secret.fromText('0123456789abcdef0123456789abcdef')
    expect(() => importSharedKey(known, { alg: 'A256KW', encs })).toThrow(
      expect.objectContaining({ code: 'key/weak' }),
    )
  })

  test.each([
    ['two encs under dir', { alg: 'dir', encs: ['A256GCM', 'A128CBC-HS256'] }, 'key/mismatch'],
    ['an alg of key pairs', { alg: 'ECDH-ES', encs }, 'key/mismatch'],
    ['an alg of passwords', { alg: 'PBES2-HS256+A128KW', encs }, 'key/mismatch'],
    ['an unknown alg', { alg: 'A256', encs }, 'key/unsupported'],
  ])('refuses %s', (_title, options, code) => {
    const secret = Secret.fromBytes(bytesOf('k', 32))
    expect(() => importSharedKey(secret, options as never)).toThrow(expect.objectContaining({ code }))
  })
})

describe('importSharedJwk', () => {
  const k = Buffer.from(bytesOf('k', 32)).toString('base64url')

  test('an alg that names a content encryption is that of a key for dir', () => {
    const { decrypt } = importSharedJwk({ kty: 'oct', k, alg: 'A256GCM', kid: 'k', use: 'enc' })
    expect(decrypt).toMatchObject({ alg: 'dir', encs: ['A256GCM'], kid: 'k' })
  })

  test.each([
    ['no object', null, {}, 'key/malformed'],
    ['another kty', { kty: 'RSA', k }, { alg: 'A256KW', encs }, 'key/malformed'],
    ['no k', { kty: 'oct' }, { alg: 'A256KW', encs }, 'key/malformed'],
    ['a k that is padded', { kty: 'oct', k: `${k}=` }, { alg: 'A256KW', encs }, 'key/malformed'],
    ['a numeric kid', { kty: 'oct', k, kid: 1 }, { alg: 'A256KW', encs }, 'key/malformed'],
    [
      'key_ops twice',
      { kty: 'oct', k, key_ops: ['decrypt', 'decrypt'] },
      { alg: 'dir', encs },
      'key/malformed',
    ],
    ['no enc', { kty: 'oct', k }, { alg: 'A256KW' }, 'key/unsupported'],
    ['use sig', { kty: 'oct', k, use: 'sig' }, { alg: 'A256KW', encs }, 'key/mismatch'],
    ['an alg of MACs', { kty: 'oct', k, alg: 'HS256' }, { encs }, 'key/unsupported'],
    ['an alg other than its own', { kty: 'oct', k, alg: 'A256KW' }, { alg: 'dir', encs }, 'key/mismatch'],
    ['an enc other than its own', { kty: 'oct', k, alg: 'A256GCM' }, { encs: ['A128GCM'] }, 'key/mismatch'],
    ['key_ops of one side', { kty: 'oct', k, key_ops: ['wrapKey'] }, { alg: 'A256KW', encs }, 'key/mismatch'],
  ])('refuses %s', (_title, jwk, options, code) => {
    expect(() => importSharedJwk(jwk as never, options as never)).toThrow(expect.objectContaining({ code }))
  })
})

describe('importSharedDecryptKey', () => {
  const jwk = { kty: 'oct', k: Buffer.from(bytesOf('k', 32)).toString('base64url') } as const

  test.each([
    ['A256KW', 'unwrapKey', 'wrapKey'],
    ['A256GCMKW', 'unwrapKey', 'wrapKey'],
    ['A256GCMKW', 'decrypt', 'encrypt'],
    ['dir', 'decrypt', 'encrypt'],
  ] as const)('%s: takes a key that may %s, and none that may %s alone', (alg, own, other) => {
    expect(importSharedDecryptKey({ ...jwk, key_ops: [own] }, { alg, encs })).toMatchObject({ alg, encs })
    for (const key_ops of [[other], [], ['sign']])
      expect(() => importSharedDecryptKey({ ...jwk, key_ops }, { alg, encs })).toThrow(
        expect.objectContaining({ code: 'key/mismatch' }),
      )
  })

  test('of a list of content encryptions, a key for dir takes the one that it names', () => {
    const list = ENCS.map(([enc]) => enc)
    expect(importSharedDecryptKey({ ...jwk, alg: 'A128CBC-HS256' }, { encs: list }).encs).toEqual([
      'A128CBC-HS256',
    ])
  })
})

test('importDecryptKey takes a shared secret or a private key, and says which authenticates', async () => {
  const secret = {
    kty: 'oct',
    k: Buffer.from(bytesOf('k', 32)).toString('base64url'),
    alg: 'A256KW',
  } as const
  expect((await importDecryptKey(secret, { encs })).authenticates).toBe(true)
  expect((await importDecryptKey(p256, { alg: 'ECDH-ES', encs })).authenticates).toBe(false)
  expect(await asyncCodeOf(importDecryptKey({ ...secret, alg: 'HS256' }, { encs }))).toBe('key/unsupported')
  expect(await asyncCodeOf(importDecryptKey(publicJwkOf(p256) as PrivateJwk, { alg: 'ECDH-ES', encs }))).toBe(
    'key/malformed',
  )
})

describe('importPassword', () => {
  const options = { alg: 'PBES2-HS256+A128KW', encs, danger: { passwordBasedEncryption: true } } as const

  test('refuses a password unless it is asked for by name', () => {
    const password = Secret.fromText('a rather long pass phrase')
    expect(importPassword(password, options).decrypt.authenticates).toBe(false)
    for (const danger of [undefined, {}, { passwordBasedEncryption: 1 }])
      expect(() => importPassword(password, { ...options, danger } as never)).toThrow(
        expect.objectContaining({ code: 'key/unsupported' }),
      )
  })

  test.each([999, 1_200_001, 2_147_483_647, Number.POSITIVE_INFINITY, Number.NaN, 1000.5])(
    'refuses a maxCount of %s',
    (maxCount) => {
      const danger = { passwordBasedEncryption: true, maxCount } as const
      expect(() =>
        importPassword(Secret.fromText('a rather long pass phrase'), { ...options, danger }),
      ).toThrow(expect.objectContaining({ code: 'key/unsupported' }))
    },
  )

  test.each([
    ['a short password', 'fifteen bytes..', 'key/weak'],
    ['a uniform password', 'a'.repeat(30), 'key/weak'],
    ['a long password', 'abcdefghijklmnopqrstuvwxyz'.repeat(5), 'key/malformed'],
  ])('refuses %s', (_title, password, code) => {
    expect(() => importPassword(Secret.fromText(password), options)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

/** The same number with a zero byte in front. */
function longer(number: string | undefined): string {
  return Buffer.concat([Buffer.of(0), Buffer.from(number ?? '', 'base64url')]).toString('base64url')
}

async function freshRsa(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('RSA-OAEP-256', { modulusLength: 2048, extractable: true })
  return parsePrivateJwk(await exportJWK(privateKey))
}

async function fresh(crv: string): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('ECDH-ES', { crv, extractable: true })
  return parsePrivateJwk(await exportJWK(privateKey))
}
