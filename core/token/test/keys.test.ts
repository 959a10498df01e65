import { Buffer } from 'node:buffer'
import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import {
  decodeBase64url,
  importSecretKey,
  importSignKey,
  importVerifyKey,
  type JwsAlgorithm,
  jwkThumbprint,
  type PublicJwk,
  parsePrivateJwk,
  publicJwkOf,
  Secret,
  signerOf,
  signJwt,
  verify,
} from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { bytesOf, codeOf, ed25519, es256, keyPairSample, refusalOf, rs256, segment } from './samples.ts'

const p384 = parsePrivateJwk(
  generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' }),
)
const k256 = parsePrivateJwk(
  generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'jwk' }),
)
const x25519 = parsePrivateJwk(generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }))

describe('importVerifyKey', () => {
  test.each([es256, ed25519, rs256])('prepares a key of $alg with its kid', ({ publicJwk, alg, kid }) => {
    expect(importVerifyKey(publicJwk)).toMatchObject({ alg, kid })
    expect(importVerifyKey(publicJwk, { alg }).alg).toBe(alg)
  })

  test('takes the only algorithm of a curve when none is named, and asks for one where there are several', () => {
    expect(importVerifyKey(without(es256.publicJwk, 'alg')).alg).toBe('ES256')
    expect(importVerifyKey(without(ed25519.publicJwk, 'alg')).alg).toBe('Ed25519')
    expect(codeOf(() => importVerifyKey(without(rs256.publicJwk, 'alg')))).toBe('key/unsupported')
    expect(importVerifyKey(without(rs256.publicJwk, 'alg'), { alg: 'RS256' }).alg).toBe('RS256')
  })

  test('binds a key to one algorithm (RFC 8725 §3.1)', () => {
    for (const alg of ['RS256', 'HS256', 'Ed25519'] as const) {
      expect(codeOf(() => importVerifyKey(es256.publicJwk, { alg }))).toBe('key/mismatch')
      expect(codeOf(() => importVerifyKey(without(es256.publicJwk, 'alg'), { alg }))).toBe('key/mismatch')
      expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, alg }))).toBe('key/mismatch')
    }
  })

  test.each(['none', 'None', 'es256', 'ES256K', 'Ed448', 'EdDSA', 'ECDH-ES', '', 'constructor', '__proto__'])(
    'refuses the alg %j',
    (alg) => {
      expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, alg }))).toBe('key/unsupported')
      expect(
        codeOf(() => importVerifyKey(without(es256.publicJwk, 'alg'), { alg: alg as JwsAlgorithm })),
      ).toBe('key/unsupported')
    },
  )

  test('takes the curves of its algorithms alone, each for its own', () => {
    expect(importVerifyKey(publicJwkOf(p384)).alg).toBe('ES384')
    expect(codeOf(() => importVerifyKey({ ...publicJwkOf(p384), alg: 'ES256' }))).toBe('key/mismatch')
    expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, alg: 'ES384' }))).toBe('key/mismatch')
    for (const jwk of [k256, x25519].map(publicJwkOf)) {
      expect(codeOf(() => importVerifyKey(jwk))).toBe('key/unsupported')
      expect(codeOf(() => importVerifyKey({ ...jwk, alg: 'ES256' }))).toBe('key/mismatch')
      expect(['key/malformed', 'key/mismatch']).toContain(
        codeOf(() => importVerifyKey({ ...jwk, alg: 'ES256', crv: 'P-256', kty: 'EC' })),
      )
    }
    expect(codeOf(() => importVerifyKey({ ...ed25519.publicJwk, crv: 'Ed448' }))).toBe('key/mismatch')
    expect(codeOf(() => importVerifyKey({ ...rs256.publicJwk, crv: 'P-256' }))).toBe('key/mismatch')
  })

  test('refuses a point that is not on the curve', () => {
    const { x = '', y = '' } = es256.publicJwk
    const other = keyPairSample('ES256', 'other').publicJwk
    const zero = segment(new Uint8Array(32))
    const points = [
      { x: y, y: x },
      { x, y: other.y ?? '' },
      { x: zero, y: zero },
      { x: segment(Buffer.alloc(32, 0xff)), y },
    ]
    for (const point of points)
      expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, ...point }))).toBe('key/malformed')
  })

  test('refuses coordinates that are missing, of another length or not canonical', () => {
    const bytes = decodeBase64url(es256.publicJwk.x ?? '')
    const lengthened = segment(Buffer.concat([Buffer.alloc(1), bytes]))
    for (const x of [
      '',
      segment(bytes.subarray(1)),
      lengthened,
      `${es256.publicJwk.x}=`,
      '+'.repeat(43),
      lastBitsSet(es256.publicJwk.x),
    ])
      expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, x }))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey(without(es256.publicJwk, 'y')))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey(without(ed25519.publicJwk, 'x')))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey({ ...ed25519.publicJwk, x: segment(Buffer.alloc(31, 1)) }))).toBe(
      'key/malformed',
    )
  })

  test('refuses RSA exponents that are even or not above 2^16 (FIPS 186-5 §A.1.1)', () => {
    for (const e of [[1], [2], [3], [4], [17], [1, 0, 0], [0xff, 0xfe], [0xff, 0xff], [1, 0, 2]])
      expect(codeOf(() => importVerifyKey({ ...rs256.publicJwk, e: segment(Uint8Array.from(e)) }))).toBe(
        'key/weak',
      )
    for (const e of [
      [1, 0, 1],
      [1, 0, 3],
      [0xff, 0xff, 0xff, 0xff],
    ])
      expect(importVerifyKey({ ...rs256.publicJwk, e: segment(Uint8Array.from(e)) }).alg).toBe('RS256')
  })

  test('refuses RSA numbers that are even, padded with zeros, missing or huge', () => {
    const modulus = decodeBase64url(rs256.publicJwk.n ?? '')
    const changed = (n: Uint8Array): PublicJwk => ({ ...rs256.publicJwk, n: segment(n) })
    const even = Uint8Array.from(modulus)
    even[even.length - 1] = (even.at(-1) ?? 0) & 0xfe
    expect(codeOf(() => importVerifyKey(changed(even)))).toBe('key/weak')
    expect(codeOf(() => importVerifyKey(changed(Buffer.concat([Buffer.alloc(1), modulus]))))).toBe(
      'key/malformed',
    )
    expect(codeOf(() => importVerifyKey({ ...rs256.publicJwk, e: segment(Uint8Array.of(0, 3)) }))).toBe(
      'key/malformed',
    )
    expect(codeOf(() => importVerifyKey(without(rs256.publicJwk, 'n')))).toBe('key/malformed')
    for (const empty of [{ n: '' }, { e: '' }])
      expect(codeOf(() => importVerifyKey({ ...rs256.publicJwk, ...empty }))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey(changed(Buffer.alloc(1025, 0xff))))).toBe('key/unsupported')
    expect(importVerifyKey(changed(Uint8Array.of(0x80, ...bytesOf('8192 bits', 1022), 1))).alg).toBe('RS256')
    expect(codeOf(() => importVerifyKey({ ...rs256.publicJwk, e: segment(Buffer.alloc(5, 0xff)) }))).toBe(
      'key/unsupported',
    )
  })

  test('takes a modulus of 2048 bits and refuses one of 2047 in as many bytes (RFC 7518 §3.3)', () => {
    const withTop = (top: number): PublicJwk => ({
      ...rs256.publicJwk,
      n: segment(Uint8Array.of(top, ...bytesOf('modulus', 254), 1)),
    })
    expect(importVerifyKey(withTop(0x80)).alg).toBe('RS256')
    expect(codeOf(() => importVerifyKey(withTop(0x7f)))).toBe('key/weak')
  })

  test('honours use and key_ops (RFC 7517 §4.2, §4.3)', () => {
    for (const use of ['enc', '', 'SIG', 'sign'])
      expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, use }))).toBe('key/mismatch')
    for (const key_ops of [[], ['sign'], ['encrypt'], ['deriveKey']])
      expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, key_ops }))).toBe('key/mismatch')
    expect(importVerifyKey({ ...es256.publicJwk, use: 'sig', key_ops: ['verify'] }).alg).toBe('ES256')
  })

  test('refuses private keys, and kids that are empty or over 256 characters', () => {
    expect(codeOf(() => importVerifyKey(es256.privateJwk))).toBe('key/private-in-public-set')
    for (const kid of ['', 'k'.repeat(257)])
      expect(codeOf(() => importVerifyKey({ ...es256.publicJwk, kid }))).toBe('key/malformed')
  })
})

describe('importSignKey', () => {
  test.each([es256, ed25519, rs256])(
    'prepares a key of $alg, named by its thumbprint when it has no kid',
    ({ privateJwk, alg }) => {
      const { kid: _, ...nameless } = privateJwk
      expect(importSignKey(nameless)).toMatchObject({ alg, kid: jwkThumbprint(privateJwk) })
    },
  )

  test.each([es256, ed25519, rs256])(
    'refuses the private half of another pair of $alg',
    ({ privateJwk, alg }) => {
      if (alg !== 'ES256' && alg !== 'Ed25519' && alg !== 'RS256') throw new TypeError('a pair is asymmetric')
      const other = keyPairSample(alg, 'other').privateJwk
      const { x, y, n, e } = privateJwk
      const mixed = { ...other, ...(alg === 'RS256' ? { n, e } : { x, ...(y === undefined ? {} : { y }) }) }
      expect(['key/mismatch', 'key/malformed']).toContain(codeOf(() => importSignKey(parsePrivateJwk(mixed))))
    },
  )

  test('refuses RSA numbers that sign, but not for the public half beside them', () => {
    const { dp, dq, d } = keyPairSample('RS256', 'other').privateJwk
    if (d === undefined || dp === undefined || dq === undefined) throw new TypeError('an RSA key has them')
    expect(codeOf(() => importSignKey({ ...rs256.privateJwk, d, dp, dq }))).toBe('key/mismatch')
    expect(codeOf(() => importSignKey({ ...rs256.privateJwk, e: segment(Uint8Array.of(1, 0, 3)) }))).toBe(
      'key/mismatch',
    )
  })

  test('refuses a symmetric key in the clothes of a private one', () => {
    expect(codeOf(() => importSignKey({ kty: 'oct', d: 'AAAA', alg: 'HS256' }))).toBe('key/mismatch')
  })

  test('refuses a key that may only verify, or encrypt', () => {
    expect(codeOf(() => importSignKey({ ...es256.privateJwk, key_ops: ['verify'] }))).toBe('key/mismatch')
    expect(codeOf(() => importSignKey({ ...es256.privateJwk, use: 'enc' }))).toBe('key/mismatch')
  })

  test('refuses a private number that is none, and never says it', () => {
    for (const d of [
      '',
      '!',
      segment(new Uint8Array(32)),
      segment(bytesOf('long', 64)),
      `${es256.privateJwk.d}AAAA`,
    ]) {
      const error = refusalOf(() => importSignKey({ ...es256.privateJwk, d }))
      expect(['key/malformed', 'key/mismatch']).toContain(error.code)
      if (d.length > 4) expect(inspect(error, { depth: 5 })).not.toContain(d)
    }
  })

  test('shows nothing of the key when it is printed, spread or turned into JSON', () => {
    const key = importSignKey(es256.privateJwk)
    const shown =
      inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key) + JSON.stringify({ ...key })
    expect(shown).not.toContain(es256.privateJwk.d)
    expect({ ...key }).toEqual({ alg: 'ES256', kid: es256.kid })
  })
})

describe('importSecretKey', () => {
  const secret = Secret.fromBytes(bytesOf('a shared secret', 32))

  test('gives a pair of keys of one kid that fit each other', async () => {
    const { sign, verify: verifyKey } = importSecretKey(secret, { alg: 'HS256', kid: 'shared' })
    const token = await signJwt({ typ: 'JWT', claims: { sub: 'a' } }, signerOf(sign))
    expect(verify(token, verifyKey).header.kid).toBe('shared')
  })

  test('names a secret by a tag of it, the same every time, that is no part of it', () => {
    const { verify: verifyKey, sign } = importSecretKey(secret, { alg: 'HS256' })
    expect(verifyKey.kid).toBe(sign.kid)
    expect(importSecretKey(secret, { alg: 'HS256' }).sign.kid).toBe(sign.kid)
    expect(importSecretKey(Secret.fromBytes(bytesOf('other', 32)), { alg: 'HS256' }).sign.kid).not.toBe(
      sign.kid,
    )
    expect(sign.kid).not.toContain(segment(secret.reveal()).slice(0, 8))
  })

  test('refuses every asymmetric algorithm, and unknown ones', () => {
    for (const alg of ['ES256', 'RS256', 'Ed25519', 'none', 'HS1', 'EdDSA', 'ML-DSA-44'])
      expect(codeOf(() => importSecretKey(secret, { alg: alg as 'HS256' }))).toBe('key/unsupported')
  })

  test.each([
    'your-256-bit-secret-your-256-bit-secret',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    'abcdefghijklmnopqrstuvwxyz123456',
    'ab'.repeat(40),
    '\0'.repeat(64),
  ])('refuses the known or uniform secret %j', (text) => {
    expect(codeOf(() => importSecretKey(Secret.fromText(text), { alg: 'HS256' }))).toBe('key/weak')
  })

  test('throws for strings and bytes, which could be anything', () => {
    for (const odd of [secret.revealText(), secret.reveal(), {}, null])
      expect(() => importSecretKey(odd as Secret, { alg: 'HS256' })).toThrow()
  })
})

function without(jwk: PublicJwk, name: keyof PublicJwk): PublicJwk {
  return { kty: jwk.kty, ...Object.fromEntries(Object.entries(jwk).filter(([own]) => own !== name)) }
}

/** The same bytes to a lenient decoder: 32 bytes leave two unused bits in the last character. */
function lastBitsSet(text = ''): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) | 1)
}
