import { Buffer } from 'node:buffer'
import { constants, sign } from 'node:crypto'
import {
  importVerifyKey,
  KeySet,
  loadVerifyKey,
  type PublicJwk,
  TokenError,
  verify,
  verifyAsync,
} from '@jotwarden/token'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  digestInfo,
  keyObjectOf,
  type PssForm,
  pkcs1Encoded,
  pssEncoded,
  rawRsaSignature,
} from './rsa-encodings.ts'
import {
  codeOf,
  everyAlgorithm,
  type KeyPairSample,
  keyPairSample,
  PAYLOAD,
  rs256,
  segment,
  signedTexts,
  signedToken,
} from './samples.ts'
import { type Token, webToken } from './web-build.ts'

let web: Token
beforeAll(async () => {
  web = await webToken()
})

/** The verdict on both platforms and on the thread pool, which must be the same. */
async function verdictOn(token: string, jwk: PublicJwk): Promise<string> {
  const here = outcome(() => verify(token, importVerifyKey(jwk)))
  expect(await asyncOutcome(verifyAsync(token, await loadVerifyKey(jwk)))).toBe(here)
  expect(await asyncOutcome(web.verifyAsync(token, await web.loadVerifyKey(jwk)))).toBe(here)
  return here
}

function asyncOutcome(verdict: Promise<unknown>): Promise<string> {
  return verdict.then(
    () => 'accepted',
    (error: unknown) =>
      error instanceof web.TokenError || error instanceof TokenError ? error.code : String(error),
  )
}

function outcome(act: () => unknown): string {
  try {
    act()
    return 'accepted'
  } catch {
    return codeOf(act)
  }
}

function inputOf(alg: string): string {
  return `${segment(JSON.stringify({ alg, kid: rs256.kid }))}.${segment(PAYLOAD)}`
}

describe('verify, of RSA-PSS (RFC 7518 §3.5)', () => {
  const good: PssForm = { hash: 'sha256', mgfHash: 'sha256', saltLength: 32, trailer: 0xbc, separator: 1 }
  const jwk: PublicJwk = { ...rs256.publicJwk, alg: 'PS256' }
  const tokenOf = (form: PssForm): string => {
    const input = inputOf('PS256')
    return `${input}.${segment(rawRsaSignature(pssEncoded(Buffer.from(input), form), rs256.privateJwk))}`
  }

  test('takes the one form there is', async () => {
    expect(await verdictOn(tokenOf(good), jwk)).toBe('accepted')
  })

  test.each<[string, Partial<PssForm>]>([
    ['no salt', { saltLength: 0 }],
    ['a salt of 20 bytes', { saltLength: 20 }],
    ['a salt of 31 bytes', { saltLength: 31 }],
    ['a salt of 33 bytes', { saltLength: 33 }],
    ['the longest salt', { saltLength: 222 }],
    ['SHA-1 in the mask', { mgfHash: 'sha1' }],
    ['SHA-512 in the mask', { mgfHash: 'sha512' }],
    ['SHA-1 throughout', { hash: 'sha1', mgfHash: 'sha1' }],
    ['SHA-384 throughout', { hash: 'sha384', mgfHash: 'sha384', saltLength: 48 }],
    ['another trailer', { trailer: 0xcc }],
    ['another separator', { separator: 2 }],
  ])('refuses %s', async (_, change) => {
    expect(await verdictOn(tokenOf({ ...good, ...change }), jwk)).toBe('token/signature')
  })

  test('refuses a PKCS#1 v1.5 signature that says PS256, and the reverse', async () => {
    const key = keyObjectOf(rs256.privateJwk)
    const pkcs1 = sign('sha256', Buffer.from(inputOf('PS256')), key)
    expect(await verdictOn(`${inputOf('PS256')}.${segment(pkcs1)}`, jwk)).toBe('token/signature')
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const pss = sign('sha256', Buffer.from(inputOf('RS256')), { key, padding, saltLength: 32 })
    expect(await verdictOn(`${inputOf('RS256')}.${segment(pss)}`, rs256.publicJwk)).toBe('token/signature')
  })
})

describe('verify, of PKCS#1 v1.5 (RFC 8017 §8.2.2)', () => {
  const input = inputOf('RS256')
  const data = Buffer.from(input)
  const info = digestInfo(data)
  const verdict = (encoded: Uint8Array): Promise<string> =>
    verdictOn(`${input}.${segment(rawRsaSignature(encoded, rs256.privateJwk))}`, rs256.publicJwk)

  test('takes the one form there is', async () => {
    expect(await verdict(pkcs1Encoded(info))).toBe('accepted')
  })

  test.each<[string, Uint8Array]>([
    ['a digest without its parameters', pkcs1Encoded(digestInfo(data, []))],
    ['parameters twice', pkcs1Encoded(digestInfo(data, [5, 0, 5, 0]))],
    ['garbage as parameters', pkcs1Encoded(digestInfo(data, [4, 2, 1, 2]))],
    ['short padding and garbage behind (CVE-2006-4339)', pkcs1Encoded(info, { padding: 8 })],
    ['no padding and garbage behind', pkcs1Encoded(info, { padding: 0 })],
    ['one byte of garbage', pkcs1Encoded(info, { padding: 256 - info.length - 4, tail: Buffer.from([0]) })],
    ['block type 0', pkcs1Encoded(info, { type: 0 })],
    ['block type 2', pkcs1Encoded(info, { type: 2 })],
    ['a bare digest', pkcs1Encoded(info.subarray(-32))],
    ['another digest', pkcs1Encoded(digestInfo(Buffer.from('other')))],
  ])('refuses %s', async (_, encoded) => {
    expect(await verdict(encoded)).toBe('token/signature')
  })
})

describe.each<[KeyPairSample, bigint, number]>([
  [
    keyPairSample('ES384', 'k'),
    BigInt(
      '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
    48,
  ],
  [
    keyPairSample('ES512', 'k'),
    BigInt(
      '0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    ),
    66,
  ],
])('verify, of ECDSA: $0.alg', (sample, n, length) => {
  const token = signedToken(sample)
  const input = token.slice(0, token.lastIndexOf('.'))
  const signature = Buffer.from(token.slice(input.length + 1), 'base64url')
  const fixed = (x: bigint): Buffer => Buffer.from(x.toString(16).padStart(2 * length, '0'), 'hex')
  const [r, s] = [signature.subarray(0, length), signature.subarray(length)]
  const edges = [0n, 1n, n - 1n, n, n + 1n, 2n ** BigInt(8 * length) - 1n]

  test('refuses r and s at the edges of their range, together and beside the true one', async () => {
    const pairs = edges.flatMap((one) => [
      ...edges.map((other) => [fixed(one), fixed(other)] as const),
      [fixed(one), s] as const,
      [r, fixed(one)] as const,
    ])
    for (const pair of pairs)
      expect(await verdictOn(`${input}.${segment(Buffer.concat(pair))}`, sample.publicJwk)).toBe(
        'token/signature',
      )
  })

  test('refuses r + n where it fits, and r and s changed over', async () => {
    const sum = BigInt(`0x${r.toString('hex')}`) + n
    if (sum < 2n ** BigInt(8 * length))
      expect(await verdictOn(`${input}.${segment(Buffer.concat([fixed(sum), s]))}`, sample.publicJwk)).toBe(
        'token/signature',
      )
    expect(await verdictOn(`${input}.${segment(Buffer.concat([s, r]))}`, sample.publicJwk)).toBe(
      'token/signature',
    )
  })
})

describe('one key, one algorithm', () => {
  test('each key refuses what the keys of all other algorithms have signed under their own names', () => {
    for (const signing of everyAlgorithm)
      for (const checking of everyAlgorithm) {
        const token = signedTexts(JSON.stringify({ alg: signing.alg }), PAYLOAD, signing)
        const expected = signing === checking ? 'accepted' : 'token/alg'
        expect([signing.alg, checking.alg, outcome(() => verify(token, checking.verifyKey))]).toEqual([
          signing.alg,
          checking.alg,
          expected,
        ])
      }
  })

  test('and under the names of those keys', () => {
    for (const signing of everyAlgorithm)
      for (const checking of everyAlgorithm.filter((one) => one !== signing)) {
        const token = signedTexts(JSON.stringify({ alg: checking.alg }), PAYLOAD, signing)
        expect([signing.alg, checking.alg, outcome(() => verify(token, checking.verifyKey))]).toEqual([
          signing.alg,
          checking.alg,
          'token/signature',
        ])
      }
  })

  test('no other case of a name is that name', () => {
    for (const sample of everyAlgorithm)
      for (const alg of [
        sample.alg.toLowerCase(),
        sample.alg.toUpperCase(),
        ` ${sample.alg}`,
        `${sample.alg}\0`,
      ]) {
        if (alg === sample.alg) continue
        const token = signedTexts(JSON.stringify({ alg }), PAYLOAD, sample)
        expect([alg, outcome(() => verify(token, sample.verifyKey))]).toEqual([alg, 'token/alg'])
      }
  })

  test('keys of one set that share a kid are told apart by algorithm, and RSA numbers may be shared', () => {
    const keys = (['RS256', 'RS512', 'PS256', 'PS512'] as const).map((alg) => ({ ...rs256.publicJwk, alg }))
    const set = KeySet.fromJwks({ keys })
    expect(set.size).toBe(4)
    expect(verify(signedToken(rs256), set).key.alg).toBe('RS256')
    expect(codeOf(() => KeySet.fromJwks({ keys: [...keys, keys[0]] }))).toBe('key/malformed')
  })
})

describe('round trips', () => {
  test.each(everyAlgorithm)('whatever claims $alg signs are the claims that verify gives', (sample) => {
    const claims = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 })
    fc.assert(
      fc.property(claims, (value) => {
        const json = JSON.stringify(value)
        fc.pre(!json.includes('__proto__') && json.isWellFormed() && !json.includes('\\ud'))
        const token = signedTexts(JSON.stringify({ alg: sample.alg, kid: sample.kid }), json, sample)
        expect(verify(token, sample.verifyKey).claims).toEqual(JSON.parse(json))
      }),
      { numRuns: 50 },
    )
  })

  test('on WebCrypto too, where any one changed byte of a signature is refused', async () => {
    for (const sample of everyAlgorithm.filter(hasPair)) {
      const token = signedToken(sample)
      expect(await verdictOn(token, sample.publicJwk)).toBe('accepted')
      const input = token.slice(0, token.lastIndexOf('.'))
      const signature = Buffer.from(token.slice(input.length + 1), 'base64url')
      const step = Math.ceil(signature.length / 40)
      for (let at = 0; at < signature.length; at += step) {
        const changed = Uint8Array.from(signature)
        changed[at] = (changed[at] ?? 0) ^ 0x10
        expect(await verdictOn(`${input}.${segment(changed)}`, sample.publicJwk)).toBe('token/signature')
      }
    }
  })
})

function hasPair(sample: (typeof everyAlgorithm)[number]): sample is KeyPairSample {
  return 'publicJwk' in sample
}
