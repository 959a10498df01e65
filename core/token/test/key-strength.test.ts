import { Buffer } from 'node:buffer'
import { checkPrimeSync, createHmac } from 'node:crypto'
import {
  importSecretJwk,
  importSecretKey,
  importVerifyKey,
  KeySet,
  type PublicJwk,
  parseSecretJwk,
  Secret,
  secretWeakness,
  signerOf,
  signJwt,
  verify,
} from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { bytesOf, codeOf, ed25519, es256, keyPairSample, rs256, segment } from './samples.ts'

describe('importVerifyKey, of Ed25519', () => {
  const keyOf = (hex: string): PublicJwk => ({
    kty: 'OKP',
    crv: 'Ed25519',
    x: Buffer.from(hex, 'hex').toString('base64url'),
  })
  const P_MINUS_1 = `ec${'ff'.repeat(30)}7f`
  const ORDER_8 = [
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  ]
  const smallOrder = [
    `01${'00'.repeat(31)}`,
    P_MINUS_1,
    '00'.repeat(32),
    `${'00'.repeat(31)}80`,
    ...ORDER_8,
    ...ORDER_8.map((hex) => hex.slice(0, 62) + (Number.parseInt(hex.slice(62), 16) | 0x80).toString(16)),
  ]

  test('refuses the eight points of small order', () => {
    expect(new Set(smallOrder).size).toBe(8)
    for (const hex of smallOrder)
      expect([hex, codeOf(() => importVerifyKey(keyOf(hex)))]).toEqual([hex, 'key/weak'])
  })

  test('leaves such a key out of a set', () => {
    expect(KeySet.fromJwks({ keys: [...smallOrder.map(keyOf), ed25519.publicJwk] }).size).toBe(1)
  })

  test('refuses other spellings of y, and a y that no point has', () => {
    const nonCanonical = [
      `ed${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(31)}`,
      'ff'.repeat(32),
      `01${'00'.repeat(30)}80`,
    ]
    const noPoint = [`02${'00'.repeat(31)}`, `07${'00'.repeat(31)}`]
    for (const hex of [...nonCanonical, ...noPoint])
      expect([hex, codeOf(() => importVerifyKey(keyOf(hex)))]).toEqual([hex, 'key/weak'])
  })

  test('takes every key that is made', () => {
    for (let round = 0; round < 20; round++)
      expect(keyPairSample('Ed25519', 'k').verifyKey.alg).toBe('Ed25519')
  })
})

describe('importVerifyKey, of RSA', () => {
  test('refuses a modulus of the generator known as ROCA (CVE-2017-15361), and takes one beside it', () => {
    const factors = [rocaPrime(17), rocaPrime(29)] as const
    const n = factors[0] * factors[1]
    expect(n.toString(2)).toHaveLength(2048)
    expect(codeOf(() => importVerifyKey({ ...rs256.publicJwk, n: numberText(n) }))).toBe('key/weak')
    expect(importVerifyKey({ ...rs256.publicJwk, n: numberText(n + 2n) }).alg).toBe('RS256')
  })
})

describe('importVerifyKey, of curves', () => {
  test.each([
    ['ES256', 'P-256', 32],
    ['ES384', 'P-384', 48],
    ['ES512', 'P-521', 66],
  ] as const)('%s: refuses coordinates of any other length, and points off %s', (alg, crv, length) => {
    const { publicJwk } = keyPairSample(alg, 'k')
    expect(publicJwk.crv).toBe(crv)
    const x = Buffer.from(publicJwk.x ?? '', 'base64url')
    expect(x).toHaveLength(length)
    const off = Uint8Array.from(x)
    off[length - 1] = (off[length - 1] ?? 0) ^ 1
    for (const odd of [x.subarray(1), Buffer.concat([Buffer.alloc(1), x]), Buffer.alloc(length), off])
      expect(codeOf(() => importVerifyKey({ ...publicJwk, x: segment(odd) }))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey({ ...publicJwk, crv: crv.toLowerCase() }))).toBe('key/mismatch')
    expect(codeOf(() => importVerifyKey({ ...publicJwk, kty: 'ec' }))).toBe('key/mismatch')
  })

  test('refuses an ML-DSA key without alg, of another length or of another kty', () => {
    const { publicJwk } = keyPairSample('ML-DSA-44', 'k')
    const { alg: _, ...nameless } = publicJwk
    expect(codeOf(() => importVerifyKey(nameless))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey(nameless, { alg: 'ML-DSA-44' }))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey({ ...publicJwk, alg: 'ML-DSA-65' }))).toBe('key/malformed')
    expect(codeOf(() => importVerifyKey({ ...publicJwk, kty: 'OKP' }))).toBe('key/mismatch')
    expect(codeOf(() => importVerifyKey({ ...publicJwk, pub: `${publicJwk.pub}AAAA` }))).toBe('key/malformed')
  })
})

describe('a shared secret', () => {
  test.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const)('%s wants %i bytes, as many as its hash has (RFC 7518 §3.2)', (alg, least) => {
    expect(importSecretKey(Secret.fromBytes(bytesOf('s', least)), { alg }).sign.alg).toBe(alg)
    expect(importSecretKey(Secret.fromBytes(bytesOf('s', 200)), { alg }).verify.alg).toBe(alg)
    expect(codeOf(() => importSecretKey(Secret.fromBytes(bytesOf('s', least - 1)), { alg }))).toBe('key/weak')
  })

  test('is told by its weakness: too short, uniform, repeated, publicly known', () => {
    expect(secretWeakness(bytesOf('s', 31), 32)).toBe('too-short')
    expect(secretWeakness(Buffer.alloc(32, 7), 32)).toBe('uniform')
    expect(secretWeakness(Buffer.from('correct-horse-'.repeat(3)), 32)).toBe('repeated')
    expect(secretWeakness(Buffer.from('reallyreallyreallyreallyverysafe'), 32)).toBe('publicly-known')
    expect(secretWeakness(bytesOf('s', 32), 32)).toBeUndefined()
  })

  test('is repeated when nothing differs from what stood up to 16 bytes before, at no place', () => {
    const unit = bytesOf('unit', 16)
    const twice = Uint8Array.of(...unit, ...unit)
    expect(secretWeakness(twice, 32)).toBe('repeated')
    for (const at of [0, 15, 16, 31]) {
      const changed = Uint8Array.from(twice)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(secretWeakness(changed, 32)).toBeUndefined()
    }
    const long = bytesOf('unit', 17)
    expect(secretWeakness(Uint8Array.of(...long, ...long), 32)).toBeUndefined()
  })

  test('is refused in words that say why', () => {
    const secret = (bytes: Uint8Array) => () => importSecretKey(Secret.fromBytes(bytes), { alg: 'HS384' })
    expect(secret(bytesOf('s', 47))).toThrow('it has fewer than 48 bytes')
    expect(secret(Buffer.alloc(48, 7))).toThrow('its bytes are nearly all the same')
    expect(secret(Buffer.from('correct-horse-'.repeat(4)))).toThrow('it is a short text repeated')
  })

  test('is known in every spelling: as text, and as what the text decodes to', () => {
    const text = '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970'
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'hex'), Buffer.from(text, 'base64')])
      expect(secretWeakness(bytes, 32)).toBe('publicly-known')
  })

  test('is looked for in a word list of the caller’s', () => {
    const secret = Secret.fromText('a company wide secret of this very company')
    const knownSecrets = new Set([secret.revealText()])
    expect(importSecretKey(secret, { alg: 'HS256' }).verify.alg).toBe('HS256')
    expect(codeOf(() => importSecretKey(secret, { alg: 'HS256', knownSecrets }))).toBe('key/weak')
  })

  test('is taken as a JWK that says what it is for', async () => {
    const k = segment(bytesOf('jwk', 64))
    const keys = importSecretJwk({ kty: 'oct', k, alg: 'HS512', kid: 'a', key_ops: ['sign', 'verify'] })
    const token = await signJwt({ typ: 'JWT', claims: { sub: 'a' } }, signerOf(keys.sign))
    expect(verify(token, keys.verify).key).toMatchObject({ alg: 'HS512', kid: 'a' })
    const input = token.slice(0, token.lastIndexOf('.'))
    const mac = createHmac('sha512', Buffer.from(k, 'base64url')).update(input).digest('base64url')
    expect(token).toBe(`${input}.${mac}`)
    const refused = [
      [{ kty: 'oct', k }, 'key/unsupported'],
      [{ kty: 'oct', k, alg: 'A256GCM' }, 'key/unsupported'],
      [{ kty: 'oct', k, alg: 'hs512' }, 'key/unsupported'],
      [{ kty: 'oct', k, alg: 'ES256' }, 'key/mismatch'],
      [{ kty: 'oct', k, alg: 'HS512', use: 'enc' }, 'key/mismatch'],
      [{ kty: 'oct', k, alg: 'HS512', key_ops: ['encrypt'] }, 'key/mismatch'],
      [{ kty: 'oct', k: `${k}=`, alg: 'HS512' }, 'key/malformed'],
      [{ kty: 'oct', k: '', alg: 'HS512' }, 'key/weak'],
    ] as const
    for (const [jwk, code] of refused) expect([jwk, codeOf(() => importSecretJwk(jwk))]).toEqual([jwk, code])
    expect(codeOf(() => importSecretJwk({ kty: 'oct', k, alg: 'HS512' }, { alg: 'HS256' }))).toBe(
      'key/mismatch',
    )
    for (const odd of [es256.privateJwk, { kty: 'oct' }, { kty: 'oct', k: 1 }, null])
      expect(codeOf(() => parseSecretJwk(odd))).toBe('key/malformed')
  })
})

/** A prime as that generator makes them: k·M + (65537^a mod M), M the product of the first 126 primes. */
function rocaPrime(a: number): bigint {
  const primes = Array.from({ length: 702 }, (_, n) => n).filter(
    (n) => n > 1 && !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0),
  )
  const product = primes.reduce((all, prime) => all * BigInt(prime), 1n)
  const offset = Array.from({ length: a }).reduce<bigint>((power) => (power * 65537n) % product, 1n)
  for (let k = (2n ** 1024n - 2n ** 1022n) / product; ; k++) {
    const candidate = k * product + offset
    if (checkPrimeSync(candidate)) return candidate
  }
}

function numberText(n: bigint): string {
  return Buffer.from(n.toString(16), 'hex').toString('base64url')
}
