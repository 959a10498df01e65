import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { parsePrivateJwk, publicJwkOf, verify, verifyAsync } from '@jotwarden/token'
import { decrypt, encrypt, importPrivateDecryptKey } from '@jotwarden/token/jwe'
import { CompactEncrypt, exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, es256, signedToken } from '../samples.ts'
import {
  asyncCodeOf,
  dirSample,
  type JweSample,
  jweOf,
  pairSample,
  passwordSample,
  privateJwk,
  sealedDirect,
  systemRandom,
  wrapSample,
} from './samples.ts'

const direct = dirSample('A256GCM', 32)
const wrapped = wrapSample('A256KW', 32, 'A256GCM')
const gcmWrapped = wrapSample('A256GCMKW', 32, 'A256GCM')
const password = passwordSample('PBES2-HS256+A128KW', 'A128GCM')
let agreed: JweSample
let agreedX: JweSample
let rsa: JweSample
let good: string

beforeAll(async () => {
  agreed = await pairSample('ECDH-ES', 'P-256', 'A128GCM')
  agreedX = await pairSample('ECDH-ES', 'X25519', 'A128GCM')
  rsa = await pairSample('RSA-OAEP-256', '', 'A256GCM')
  good = await encrypt(Uint8Array.of(1, 2, 3), direct.encrypt, systemRandom)
})

describe('the two entry points', () => {
  test('verify refuses a JWE, and says that it is one', async () => {
    expect(() => verify(good, es256.verifyKey)).toThrow(expect.objectContaining({ code: 'token/encrypted' }))
    expect(await asyncCodeOf(verifyAsync(good, es256.verifyKey))).toBe('token/encrypted')
  })

  test('decrypt refuses a JWS, and says that it is one', async () => {
    expect(await asyncCodeOf(decrypt(signedToken(es256), direct.decrypt))).toBe('jwe/not-encrypted')
    expect(await asyncCodeOf(decrypt('eyJhbGciOiJub25lIn0.e30.', direct.decrypt))).toBe('jwe/not-encrypted')
  })

  test('decrypt refuses an object that only looks like a key', async () => {
    const fake = { ...direct.decrypt, alg: 'dir', encs: ['A256GCM'], kid: undefined, authenticates: true }
    await expect(decrypt(good, [fake as never])).rejects.toThrow(TypeError)
  })
})

describe('form', () => {
  test.each<[string, () => unknown, string]>([
    ['nothing', () => '', 'token/malformed'],
    ['four dots alone', () => '....', 'token/json'],
    ['ten thousand dots', () => '.'.repeat(10_000), 'token/malformed'],
    ['six parts', () => `${good}.AAAA`, 'token/malformed'],
    ['four parts', () => good.slice(0, good.lastIndexOf('.')), 'token/malformed'],
    ['three parts that are no JWS', () => '{.a.b', 'token/malformed'],
    ['flattened JSON', () => JSON.stringify({ ciphertext: 'AA', tag: 'AA' }), 'token/malformed'],
    ['JSON with the five parts inside', () => `{"a":"${good}"}`, 'token/base64url'],
    ['a quote in the header', () => good.replace('.', '".'), 'token/base64url'],
    ['a plus sign in the encrypted key', () => replaced(1, 'AA+A'), 'token/base64url'],
    ['a slash in the vector', () => replaced(2, 'AA/AAAAAAAAAAAAA'), 'token/base64url'],
    ['a space in the ciphertext', () => replaced(3, 'AA A'), 'token/base64url'],
    ['a full-width letter in the tag', () => replaced(4, '\uff21AAAAAAAAAAAAAAAAAAAAA'), 'token/base64url'],
    ['a line break behind it', () => `${good}\n`, 'token/base64url'],
    ['padding', () => `${good}=`, 'token/base64url'],
    [
      'unused bits in the header',
      () => replaced(0, 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn1'),
      'token/base64url',
    ],
    ['unused bits in the encrypted key', () => replaced(1, 'AB'), 'token/base64url'],
    ['unused bits in the vector', () => replaced(2, 'AB'), 'token/base64url'],
    ['unused bits in the ciphertext', () => replaced(3, 'AB'), 'token/base64url'],
    ['unused bits in the tag', () => replaced(4, 'AB'), 'token/base64url'],
    ['a length that no bytes have', () => replaced(3, 'AAAAA'), 'token/base64url'],
    ['an object', () => ({ toString: () => good }), 'token/malformed'],
  ])('%s is refused before any key is used', async (_title, make, code) => {
    expect(await asyncCodeOf(decrypt(make() as string, direct.decrypt))).toBe(code)
  })

  test('what is longer than the limit is refused before it is read', async () => {
    const long = `${good}${'A'.repeat(16_384)}`
    expect(await asyncCodeOf(decrypt(long, direct.decrypt))).toBe('token/too-large')
    expect(await asyncCodeOf(decrypt(good, direct.decrypt, { maxLength: 10 }))).toBe('token/too-large')
    expect(await asyncCodeOf(decrypt(good, direct.decrypt, { maxLength: 1e9 }))).toBe('token/limits')
  })
})

describe('header', () => {
  test.each([
    ['a crit', { crit: ['exp'] }, 'token/crit'],
    ['a crit of null', { crit: null }, 'token/crit'],
    ['b64', { b64: true }, 'token/header'],
    ['a numeric kid', { kid: 1 }, 'token/header'],
    ['a long kid', { kid: 'k'.repeat(257) }, 'token/header'],
    ['another kid', { kid: 'other' }, 'token/unknown-key'],
    ['no alg', { alg: undefined }, 'token/header'],
    ['no enc', { enc: undefined }, 'token/header'],
    ['alg none', { alg: 'none' }, 'token/alg'],
    ['alg RSA1_5', { alg: 'RSA1_5' }, 'token/alg'],
    ['alg RSA-OAEP', { alg: 'RSA-OAEP' }, 'token/alg'],
    ['alg ES256', { alg: 'ES256' }, 'token/alg'],
    ['alg DIR', { alg: 'DIR' }, 'token/alg'],
    ['alg of another key', { alg: 'A256KW' }, 'token/alg'],
    ['an unknown alg, whatever the kid', { alg: 'RSA1_5', kid: 'other' }, 'token/alg'],
    ['an unknown enc, whatever the kid', { enc: 'A256CTR', kid: 'other' }, 'jwe/enc'],
    ['alg of a property of every object', { alg: 'constructor' }, 'token/alg'],
    ['an unknown enc', { enc: 'A256CTR' }, 'jwe/enc'],
    ['an enc that the key does not have', { enc: 'A128GCM' }, 'jwe/enc'],
    ['an enc of other case', { enc: 'a256gcm' }, 'jwe/enc'],
    ['zip', { zip: 'DEF' }, 'jwe/zip'],
    ['a numeric zip', { zip: 1 }, 'token/header'],
    ['an epk under dir', { epk: {} }, 'jwe/parameter'],
    ['a p2c under dir', { p2c: 1 }, 'jwe/parameter'],
    ['a tag under dir', { tag: 'AAAA' }, 'jwe/parameter'],
  ])('%s is refused', async (_title, members, code) => {
    expect(await asyncCodeOf(decrypt(directToken(members), direct.decrypt))).toBe(code)
  })

  test('the token that those are made of is good', async () => {
    expect((await decrypt(directToken({}), direct.decrypt)).plaintext).toHaveLength(9)
  })

  test.each([
    ['twice an alg', '{"alg":"dir","alg":"dir","enc":"A256GCM"}', 'token/duplicate-member'],
    ['twice an escaped enc', '{"alg":"dir","enc":"A256GCM","\\u0065nc":"A256GCM"}', 'token/duplicate-member'],
    ['__proto__', '{"__proto__":{"alg":"dir"},"alg":"dir","enc":"A256GCM"}', 'token/json'],
    ['deep JSON', `{"alg":"dir","enc":"A256GCM","x":${'['.repeat(9)}${']'.repeat(9)}}`, 'token/json'],
    ['an array', '["dir"]', 'token/json'],
    ['a byte order mark', '\ufeff{"alg":"dir","enc":"A256GCM"}', 'token/json'],
  ])('%s is refused', async (_title, header, code) => {
    expect(await asyncCodeOf(decrypt(sealedDirect(header), direct.decrypt))).toBe(code)
  })

  test('keys that the token brings are left unread', async () => {
    const brought = { jwk: { kty: 'oct', k: 'AAAA' }, jku: 'https://attacker.example/', x5u: 'x', x5c: ['x'] }
    expect((await decrypt(directToken(brought), direct.decrypt)).plaintext).toHaveLength(9)
  })
})

describe('initialization vector, tag and encrypted key', () => {
  test.each([8, 12, 13, 15, 17, 32])('a tag of %i bytes is refused', async (length) => {
    expect(await asyncCodeOf(decrypt(resized(good, 4, length), direct.decrypt))).toBe('jwe/refused')
  })

  test.each([0, 8, 11, 13, 16])('a vector of %i bytes is refused', async (length) => {
    expect(await asyncCodeOf(decrypt(resized(good, 2, length), direct.decrypt))).toBe('jwe/refused')
  })

  test('an encrypted key under dir and under ECDH-ES is refused', async () => {
    const token = await encrypt(Uint8Array.of(1), agreed.encrypt, systemRandom)
    expect(await asyncCodeOf(decrypt(resized(good, 1, 40), direct.decrypt))).toBe('jwe/refused')
    expect(await asyncCodeOf(decrypt(resized(token, 1, 24), agreed.decrypt))).toBe('jwe/refused')
  })

  test.each([0, 8, 39, 41, 48])('an encrypted key of %i bytes under A256KW is refused', async (length) => {
    const token = await encrypt(Uint8Array.of(1), wrapped.encrypt, systemRandom)
    expect(await asyncCodeOf(decrypt(resized(token, 1, length), wrapped.decrypt))).toBe('jwe/refused')
  })

  test.each([
    ['a short iv', { iv: 'AAAA' }],
    ['no iv', { iv: undefined }],
    ['a short tag', { tag: 'AAAAAAAAAAAAAAAA' }],
    ['a tag that is no text', { tag: [] }],
    ['an iv that is not canonical', { iv: 'AAAAAAAAAAAAAAA' }],
  ])('A256GCMKW: %s is refused', async (_title, members) => {
    const token = await encrypt(Uint8Array.of(1), gcmWrapped.encrypt, systemRandom)
    expect(await asyncCodeOf(decrypt(reheaded(token, members), gcmWrapped.decrypt))).toBe('jwe/parameter')
  })

  test('CBC: a ciphertext of no whole block, and none at all, is refused', async () => {
    const cbc = dirSample('A128CBC-HS256', 32)
    const token = await encrypt(Uint8Array.of(1), cbc.encrypt, systemRandom)
    for (const length of [0, 15, 17])
      expect(await asyncCodeOf(decrypt(resized(token, 3, length), cbc.decrypt))).toBe('jwe/refused')
  })
})

describe('no oracle (RFC 7516 §11.5)', () => {
  test('whatever is wrong with an RSA encrypted key, or after it, the error is one', async () => {
    const errors = await Promise.all([
      // Padding that is not OAEP
      refusal(rsaToken(bytesOf('no padding', 256)), rsa),
      // A key of the right padding and another length
      refusal(rsaToken(oaep(bytesOf('cek', 16))), rsa),
      refusal(rsaToken(oaep(bytesOf('cek', 64))), rsa),
      refusal(rsaToken(oaep(new Uint8Array(0))), rsa),
      // OAEP with SHA-1
      refusal(rsaToken(oaep(bytesOf('cek', 32), 'sha1')), rsa),
      // A good key and a tag that does not match
      refusal(rsaToken(oaep(bytesOf('cek', 32))), rsa),
      // Above the modulus
      refusal(rsaToken(new Uint8Array(256).fill(0xff)), rsa),
    ])
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'jwe/refused', message: errors[0]?.message })
      expect(error.cause).toBeUndefined()
    }
  })

  test('CBC: a wrong padding and a wrong tag give one error', async () => {
    const cbc = dirSample('A128CBC-HS256', 32)
    const token = await encrypt(Uint8Array.of(1), cbc.encrypt, systemRandom)
    const codes = await Promise.all([
      asyncCodeOf(decrypt(resized(token, 4, 16), cbc.decrypt)),
      asyncCodeOf(decrypt(resized(token, 3, 16), cbc.decrypt)),
    ])
    expect(codes).toEqual(['jwe/refused', 'jwe/refused'])
  })

  test('no error holds a byte of the token or of the key', async () => {
    const error = await refusal(resized(good, 4, 16), direct)
    for (const part of good.split('.').filter((part) => part.length > 3))
      expect(error.message).not.toContain(part)
  })
})

describe('passwords (RFC 7518 §4.8)', () => {
  test.each([2_147_483_647, 1001, 999, 1, 0, -1, 1000.5, '1000', null, 1e300])(
    'a p2c of %s is refused at once',
    async (p2c) => {
      const token = reheaded(await encrypt(Uint8Array.of(1), password.encrypt, systemRandom), { p2c })
      const start = performance.now()
      expect(await asyncCodeOf(decrypt(token, password.decrypt))).toBe('jwe/parameter')
      expect(performance.now() - start).toBeLessThan(5000)
    },
  )

  test('a salt of fewer than 8 bytes is refused', async () => {
    const token = await encrypt(Uint8Array.of(1), password.encrypt, systemRandom)
    expect(await asyncCodeOf(decrypt(reheaded(token, { p2s: 'AAAAAAAAAA' }), password.decrypt))).toBe(
      'jwe/parameter',
    )
  })

  test('a key that is no password decrypts none', async () => {
    const token = await encrypt(Uint8Array.of(1), password.encrypt, systemRandom)
    expect(await asyncCodeOf(decrypt(token, direct.decrypt))).toBe('token/alg')
  })
})

describe('compression (RFC 8725bis §3.15)', () => {
  const bomb = (length: number): string =>
    sealedDirect('{"alg":"dir","enc":"A256GCM","zip":"DEF"}', deflateRawSync(Buffer.alloc(length)))

  test('a bomb is refused by default, and past its bound where it is asked for', async () => {
    expect(await asyncCodeOf(decrypt(bomb(250_001), direct.decrypt))).toBe('jwe/zip')
    const danger = { inflateUpTo: 250_000 }
    expect(await asyncCodeOf(decrypt(bomb(250_001), direct.decrypt, { danger }))).toBe('jwe/refused')
    expect(await asyncCodeOf(decrypt(bomb(10_000_000), direct.decrypt, { danger }))).toBe('jwe/refused')
    expect((await decrypt(bomb(250_000), direct.decrypt, { danger })).plaintext).toHaveLength(250_000)
  })

  test('the least bound is one byte, which a token that is not compressed does not touch', async () => {
    const danger = { inflateUpTo: 1 }
    expect((await decrypt(good, direct.decrypt, { danger })).plaintext).toHaveLength(3)
    expect((await decrypt(bomb(1), direct.decrypt, { danger })).plaintext).toHaveLength(1)
    expect(await asyncCodeOf(decrypt(bomb(2), direct.decrypt, { danger }))).toBe('jwe/refused')
  })

  test.each([250_001, Number.POSITIVE_INFINITY, Number.NaN, 0, -1, 1.5])(
    'a bound of %s is no bound',
    async (inflateUpTo) => {
      const code = await asyncCodeOf(decrypt(good, direct.decrypt, { danger: { inflateUpTo } }))
      expect(code).toBe('token/limits')
    },
  )

  test.each(['def', 'GZIP', ''])('zip %j is refused although DEF is asked for', async (zip) => {
    const token = sealedDirect(JSON.stringify({ alg: 'dir', enc: 'A256GCM', zip }))
    const code = await asyncCodeOf(decrypt(token, direct.decrypt, { danger: { inflateUpTo: 100 } }))
    expect(code).toBe('jwe/zip')
  })
})

describe('epk (RFC 7518 §4.6.1.1)', () => {
  test.each([
    ['no object', 'x'],
    ['null', null],
    ['with a numeric x', { x: 1 }],
    ['with an x that is an array', { x: ['AAAA'] }],
    ['an array', []],
    ['of another kty', { kty: 'OKP' }],
    ['of another curve', { crv: 'P-384' }],
    ['of a curve that is not supported', { crv: 'secp256k1' }],
    ['a private key', { d: 'AAAA' }],
    ['without y', { y: undefined }],
    ['with a short x', { x: 'AAAA' }],
    ['with a padded x', { x: `${'A'.repeat(43)}=` }],
    ['off its curve', { x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['above the field', { x: Buffer.alloc(32, 0xff).toString('base64url') }],
    ['oct', { kty: 'oct', k: 'AAAA' }],
  ])('%s is refused', async (_title, members) => {
    const token = await encrypt(Uint8Array.of(1), agreed.encrypt, systemRandom)
    const { epk } = headerOf(token)
    const changed = members instanceof Object && !Array.isArray(members) ? { ...epk, ...members } : members
    expect(await asyncCodeOf(decrypt(reheaded(token, { epk: changed }), agreed.decrypt))).toBe(
      'jwe/parameter',
    )
  })

  test('of a good point on another curve than the key is refused', async () => {
    const other = await pairSample('ECDH-ES', 'P-384', 'A128GCM')
    const token = await encrypt(Uint8Array.of(1), other.encrypt, systemRandom)
    expect(await asyncCodeOf(decrypt(reheaded(token, { kid: undefined }), agreed.decrypt))).toBe(
      'jwe/parameter',
    )
  })

  test.each(['x', 'y'])('with a zero byte more in its %s is refused', async (name) => {
    const token = await encrypt(Uint8Array.of(1), agreed.encrypt, systemRandom)
    const { epk = {} } = headerOf(token)
    const longer = Buffer.concat([Buffer.of(0), Buffer.from(String(epk[name]), 'base64url')])
    const changed = reheaded(token, { epk: { ...epk, [name]: longer.toString('base64url') } })
    expect(await asyncCodeOf(decrypt(changed, agreed.decrypt))).toBe('jwe/parameter')
  })

  test.each(['x', 'y'])(
    'P-521: an %s above the field is refused, though it is one of the curve below',
    async (name) => {
      const wide = await pairSample('ECDH-ES', 'P-521', 'A128GCM')
      const token = await encrypt(Uint8Array.of(1), wide.encrypt, systemRandom)
      const { epk = {} } = headerOf(token)
      const number =
        BigInt(`0x${Buffer.from(String(epk[name]), 'base64url').toString('hex')}`) + 2n ** 521n - 1n
      const above = Buffer.from(number.toString(16).padStart(132, '0'), 'hex').toString('base64url')
      const changed = reheaded(token, { epk: { ...epk, [name]: above } })
      expect(await asyncCodeOf(decrypt(changed, wide.decrypt))).toBe('jwe/parameter')
    },
  )

  test.each([
    ['0', '00'.repeat(32)],
    ['1', `01${'00'.repeat(31)}`],
    ['of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['of order 8, the other', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'],
    ['p - 1', `ec${'ff'.repeat(30)}7f`],
    ['p, which is 0', `ed${'ff'.repeat(30)}7f`],
    ['p + 1, which is 1', `ee${'ff'.repeat(30)}7f`],
    ['with the unused bit', `09${'00'.repeat(30)}80`],
  ])('X25519: the point %s is refused', async (_title, hex) => {
    const token = await encrypt(Uint8Array.of(1), agreedX.encrypt, systemRandom)
    const epk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(hex, 'hex').toString('base64url') }
    expect(await asyncCodeOf(decrypt(reheaded(token, { epk }), agreedX.decrypt))).toBe('jwe/parameter')
  })
})

describe('apu and apv (RFC 7518 §4.6.2)', () => {
  test.each([
    ['the same', { apu: 'QQ', apv: 'QQ' }],
    ['both empty', { apu: '', apv: '' }],
    ['no text', { apu: 1 }],
    ['not canonical', { apu: 'QR' }],
    ['padded', { apv: 'QQ==' }],
    ['an array', { apv: ['QQ'] }],
    ['too long', { apv: 'A'.repeat(344) }],
  ])('%s is refused', async (_title, members) => {
    const token = await encrypt(Uint8Array.of(1), agreed.encrypt, systemRandom)
    expect(await asyncCodeOf(decrypt(reheaded(token, members), agreed.decrypt))).toBe('jwe/parameter')
  })

  test('256 bytes of each pass', async () => {
    const options = { apu: bytesOf('apu', 256), apv: bytesOf('apv', 256) }
    const token = await encrypt(Uint8Array.of(1), agreed.encrypt, systemRandom, options)
    expect((await decrypt(token, agreed.decrypt)).plaintext).toHaveLength(1)
  })

  test('encrypt refuses what decrypt would, and party information that has no use', async () => {
    const same = { apu: Uint8Array.of(65), apv: Uint8Array.of(65) }
    expect(await asyncCodeOf(encrypt(Uint8Array.of(1), agreed.encrypt, systemRandom, same))).toBe(
      'jwe/parameter',
    )
    const useless = { apu: Uint8Array.of(65) }
    expect(await asyncCodeOf(encrypt(Uint8Array.of(1), direct.encrypt, systemRandom, useless))).toBe(
      'jwe/parameter',
    )
  })

  test('a change of one of them is refused, since both are in the derived key', async () => {
    const options = { apu: Uint8Array.of(65), apv: Uint8Array.of(66) }
    const token = await encrypt(Uint8Array.of(1), agreed.encrypt, systemRandom, options)
    expect(await asyncCodeOf(decrypt(reheaded(token, { apu: 'Qw' }), agreed.decrypt))).toBe('jwe/refused')
  })
})

describe('several keys', () => {
  test('kid is a hint: the key that it names is tried, and one without kid', async () => {
    const other = wrapSample('A256KW', 32, 'A256GCM')
    const keys = [direct.decrypt, other.decrypt]
    expect((await decrypt(good, keys)).key).toBe(direct.decrypt)
  })

  test('more than four keys that fit are too many', async () => {
    const token = directToken({ kid: undefined })
    const keys = Array.from({ length: 5 }, () => direct.decrypt)
    expect((await decrypt(token, keys.slice(1))).plaintext).toHaveLength(9)
    expect(await asyncCodeOf(decrypt(token, keys))).toBe('token/unknown-key')
    expect(await asyncCodeOf(decrypt(token, []))).toBe('token/unknown-key')
  })

  test('the second key of one kid decrypts when the first does not', async () => {
    const [first, second] = await Promise.all([recipient(), recipient()])
    const jwe = new CompactEncrypt(Uint8Array.of(7)).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM' })
    const token = await jwe.encrypt(second.josePublic)
    expect((await decrypt(token, [first.decrypt, second.decrypt])).key).toBe(second.decrypt)
  })
})

async function recipient(): Promise<{ readonly decrypt: JweSample['decrypt']; readonly josePublic: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
  const jwk = parsePrivateJwk(await exportJWK(privateKey))
  return {
    decrypt: await importPrivateDecryptKey(jwk, { alg: 'ECDH-ES', encs: ['A128GCM'] }),
    josePublic: await exportJWK(publicKey),
  }
}

function directToken(members: Readonly<Record<string, unknown>>): string {
  return sealedDirect(JSON.stringify({ alg: 'dir', enc: 'A256GCM', ...members }))
}

function headerOf(token: string): Record<string, Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8'))
}

/** The token with other members in its header; its tag matches no longer. */
function reheaded(token: string, members: Readonly<Record<string, unknown>>): string {
  const header = JSON.stringify({ ...headerOf(token), ...members })
  return Buffer.from(header, 'utf8').toString('base64url') + token.slice(token.indexOf('.'))
}

/** The token with other bytes, and this many, as one segment: cut off, or filled up. */
function resized(token: string, index: number, length: number): string {
  const segments = token.split('.')
  const bytes = Buffer.alloc(length, 0x5a)
  return segments.with(index, bytes.toString('base64url')).join('.')
}

/** The good token with this text as one of its segments. */
function replaced(index: number, segment: string): string {
  return good.split('.').with(index, segment).join('.')
}

function rsaToken(encryptedKey: Uint8Array): string {
  const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM' }
  return jweOf(header, encryptedKey, bytesOf('iv', 12), bytesOf('text', 20), bytesOf('tag', 16))
}

function oaep(cek: Uint8Array, oaepHash = 'sha256'): Uint8Array {
  const key = createPublicKey({
    key: { kty: 'RSA', n: rsaPublic.n ?? '', e: rsaPublic.e ?? '' },
    format: 'jwk',
  })
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, cek)
}

async function refusal(token: string, sample: JweSample): Promise<Error> {
  try {
    await decrypt(token, sample.decrypt)
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was refused')
}

const rsaPublic = publicJwkOf(await privateJwk('RSA-OAEP-256', ''))
