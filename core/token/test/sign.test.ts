import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import {
  decodeUnverified,
  generateKeyPair,
  importSecretKey,
  importSignKey,
  importVerifyKey,
  type JsonObject,
  type JwsAlgorithm,
  parseJsonObject,
  pooledSignerOf,
  Secret,
  type Signer,
  signJwt,
  verify,
} from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { es256, everySample, keyPairSample } from './samples.ts'

const claims = { iss: 'https://issuer.example', sub: 'ünïcode 🔑', exp: 2_000_000_000 }

const anyTyp = fc.constantFrom('at+jwt', 'JWT', 'dpop+jwt', 'application/at+jwt', 'logout+jwt')
const anyClaims = fc
  .dictionary(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }),
    { maxKeys: 12 },
  )
  .filter((given) => !JSON.stringify(given).includes('__proto__'))
  .map((given) => parseJsonObject(Buffer.from(JSON.stringify(given))))

describe('signJwt', () => {
  test.each(everySample)('makes a token that verify accepts under $alg', async (sample) => {
    const token = await signJwt({ typ: 'at+jwt', claims }, sample.signer)
    expect(verify(token, sample.verifyKey)).toMatchObject({ typ: 'at+jwt', claims })
  })

  test.each(everySample)(
    'gives back through verify any claims and typ it was given, under $alg',
    async (sample) => {
      await fc.assert(
        fc.asyncProperty(anyClaims, anyTyp, async (given, typ) => {
          const token = await signJwt({ typ, claims: given }, sample.signer)
          const verified = verify(token, sample.verifyKey)
          expect(verified.claims).toEqual(JSON.parse(JSON.stringify(given)))
          expect(verified.header).toEqual({ alg: sample.alg, typ, kid: sample.kid })
        }),
        { numRuns: 200 },
      )
    },
  )

  test.each(everySample)('writes exactly alg, typ and kid under $alg', async (sample) => {
    const [header = ''] = (await signJwt({ typ: 'at+jwt', claims }, sample.signer)).split('.')
    const text = Buffer.from(header, 'base64url').toString()
    expect(text).toBe(JSON.stringify({ alg: sample.alg, typ: 'at+jwt', kid: sample.kid }))
  })

  test('keeps the headers of alternating typ values, and never mixes them up', async () => {
    let made = 0
    const signer: Signer = {
      alg: 'ES256',
      get kid() {
        made++
        return es256.kid
      },
      sign: es256.signer.sign,
    }
    for (const typ of ['at+jwt', 'JWT', 'at+jwt', 'JWT', 'at+jwt', 'JWT'])
      expect(decodeUnverified(await signJwt({ typ, claims }, signer)).header.typ).toBe(typ)
    expect(made).toBe(2)
  })

  test('signs right after many typ values, and under signers that alternate', async () => {
    const other = keyPairSample('ES256', 'other')
    for (let at = 0; at < 40; at++) {
      const sample = at % 2 === 0 ? es256 : other
      const token = await signJwt({ typ: `t${at}+jwt`, claims }, sample.signer)
      expect(verify(token, sample.verifyKey).header).toEqual({
        alg: 'ES256',
        typ: `t${at}+jwt`,
        kid: sample.kid,
      })
    }
  })

  test('awaits a signer that answers later', async () => {
    const later: Signer = { alg: 'ES256', kid: es256.kid, sign: async (data) => es256.signer.sign(data) }
    expect(verify(await signJwt({ typ: 'JWT', claims }, later), es256.verifyKey).claims).toEqual(claims)
  })

  test.each([
    ['ES256', 63],
    ['ES256', 65],
    ['ES256', 72],
    ['ES256', 0],
    ['Ed25519', 63],
    ['HS256', 31],
    ['RS256', 0],
    ['RS256', 255],
    ['RS256', 1025],
  ] as const)('refuses a signer of %s that answers with %d bytes', async (alg, length) => {
    for (const signature of [Buffer.alloc(length), Promise.resolve(Buffer.alloc(length))]) {
      const refusal = signJwt({ typ: 'JWT', claims }, { alg, kid: 'k', sign: () => signature })
      await expect(refusal).rejects.toMatchObject({ code: 'token/signature' })
    }
  })

  test('refuses a signer of an algorithm that is not in the table', async () => {
    const signer: Signer = { alg: 'none' as JwsAlgorithm, kid: 'k', sign: () => Buffer.alloc(0) }
    await expect(signJwt({ typ: 'JWT', claims }, signer)).rejects.toMatchObject({ code: 'token/signature' })
  })

  test.each<unknown>([null, undefined, [], [{ sub: 'a' }], 'text', 1, true, new Date(0), () => claims])(
    'refuses the claims %s',
    async (odd) => {
      const refusal = { code: 'token/claims' }
      await expect(signJwt({ typ: 'JWT', claims: odd as JsonObject }, es256.signer)).rejects.toMatchObject(
        refusal,
      )
    },
  )

  test('passes on what the signer throws', async () => {
    const failing: Signer = {
      alg: 'ES256',
      kid: 'k',
      sign: () => Promise.reject(new Error('the module is away')),
    }
    await expect(signJwt({ typ: 'JWT', claims }, failing)).rejects.toThrow('the module is away')
  })
})

describe('pooledSignerOf()', () => {
  for (const alg of ['ES256', 'Ed25519', 'RS256'] as const) {
    test(`signs with ${alg} away from the event loop, many at once, and each verifies`, async () => {
      const { privateJwk, publicJwk } = generateKeyPair(alg)
      const signer = pooledSignerOf(importSignKey(privateJwk))
      expect(signer.sign(new Uint8Array(1))).toBeInstanceOf(Promise)
      const claims = Array.from({ length: 20 }, (_, n) => ({ n }))
      const tokens = await Promise.all(claims.map((each) => signJwt({ typ: 'at+jwt', claims: each }, signer)))
      const key = importVerifyKey(publicJwk)
      expect(tokens.map((token) => verify(token, key).claims)).toEqual(claims)
    })
  }

  test('signs with HS256 at once, which is done sooner than asked', () => {
    const { sign } = importSecretKey(Secret.fromBytes(randomBytes(32)), { alg: 'HS256' })
    expect(pooledSignerOf(sign).sign(new Uint8Array(1))).toBeInstanceOf(Uint8Array)
  })
})
