import { Buffer } from 'node:buffer'
import { generateKeyPairAsync, jwkThumbprint, loadSignKey, verify } from '@jotwarden/token'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  bytesOf,
  codeOf,
  ed25519,
  es256,
  everySample,
  hs256,
  rs256,
  signedTexts,
  signedToken,
} from './samples.ts'
import { type Token, webBundle, webToken } from './web-build.ts'

let web: Token
beforeAll(async () => {
  web = await webToken()
})

describe('on WebCrypto', () => {
  test('nothing of Node is in the bundle, nor in that of verifying alone', async () => {
    for (const names of ['verifyAsync, KeySet, jwkThumbprintAsync', 'verifyAsync, loadVerifyKey']) {
      const code = await webBundle(`export { ${names} } from '@jotwarden/token'`)
      expect(code).not.toMatch(/node:|\bBuffer\b|\bprocess\b/)
    }
  })

  test('loadVerifyKey and verifyAsync accept what verify accepts, and refuse a change', async () => {
    for (const sample of [es256, ed25519, rs256]) {
      const key = await web.loadVerifyKey(sample.publicJwk)
      const token = signedToken(sample)
      const there = await web.verifyAsync(token, key)
      const here = verify(token, sample.verifyKey)
      expect({ ...there, key: undefined }).toEqual({ ...here, key: undefined })
      const other = signedToken(sample, { also: 1 })
      const mixed = token.slice(0, token.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'))
      await expect(web.verifyAsync(mixed, key)).rejects.toMatchObject({ code: 'token/signature' })
    }
  })

  test('a key set is loaded, an HMAC key and a private key too', async () => {
    const set = await web.KeySet.load({ keys: [es256.publicJwk, ed25519.publicJwk, rs256.publicJwk] })
    expect(set.size).toBe(3)
    for (const sample of everySample.filter((one) => one !== hs256))
      expect((await web.verifyAsync(signedToken(sample), set)).key.kid).toBe(sample.kid)
    const { privateJwk, publicJwk } = await web.generateKeyPairAsync('ES256')
    const signer = web.pooledSignerOf(await web.loadSignKey(privateJwk))
    const token = await web.signJwt({ typ: 'JWT', claims: { sub: 'a' } }, signer)
    expect((await web.verifyAsync(token, await web.loadVerifyKey(publicJwk))).claims.sub).toBe('a')
    expect(await web.jwkThumbprintAsync(publicJwk)).toBe(publicJwk.kid)
  })

  test('loadSignKey names a key by its thumbprint, and refuses a private half of another key', async () => {
    for (const load of [web.loadSignKey, loadSignKey]) {
      const { kid: _, ...nameless } = es256.privateJwk
      expect((await load(nameless)).kid).toBe(jwkThumbprint(es256.publicJwk))
      const other = await generateKeyPairAsync('ES256')
      const mixed = { ...other.privateJwk, x: es256.publicJwk.x ?? '', y: es256.publicJwk.y ?? '' }
      const refusal = await load(mixed).catch((error: unknown) => error)
      expect(['key/mismatch', 'key/malformed']).toContain(codeIn(refusal))
      const zero = await load({ ...es256.privateJwk, d: 'A'.repeat(43) }).catch((error: unknown) => error)
      expect(['key/mismatch', 'key/malformed']).toContain(codeIn(zero))
    }
  })

  test('an RSA pair is made, and names its numbers', async () => {
    const { publicJwk } = await web.generateKeyPairAsync('PS256')
    expect(publicJwk).toMatchObject({ kty: 'RSA', alg: 'PS256', e: 'AQAB', kid: jwkThumbprint(publicJwk) })
    expect(web.decodeBase64url(publicJwk.n ?? '')).toHaveLength(384)
  })

  test('a payload that is not UTF-8, or begins with a byte order mark, is refused as on Node', async () => {
    const key = await web.loadVerifyKey(es256.publicJwk)
    for (const bytes of [
      [0x7b, 0xff, 0x7d],
      [0xef, 0xbb, 0xbf, 0x7b, 0x7d],
      [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      const token = signedTexts(JSON.stringify({ alg: 'ES256' }), Uint8Array.from(bytes), es256)
      expect(codeOf(() => verify(token, es256.verifyKey))).toBe('token/json')
      await expect(web.verifyAsync(token, key)).rejects.toMatchObject({ code: 'token/json' })
    }
  })

  test('base64url is the same where the engine has it and where it has not', () => {
    const bytes = Array.from({ length: 70 }, (_, length) => bytesOf(`base64url ${length}`, length))
    const texts = bytes.map((one) => Buffer.from(one).toString('base64url'))
    for (const has of [true, false]) {
      const kept = has ? undefined : withoutBase64()
      try {
        expect(bytes.map((one) => web.encodeBase64url(one))).toEqual(texts)
        expect(texts.map((one) => Buffer.from(web.decodeBase64url(one)).toString('base64url'))).toEqual(texts)
        expect(() => web.decodeBase64url('AB')).toThrow(expect.objectContaining({ code: 'token/base64url' }))
      } finally {
        kept?.()
      }
    }
  })

  test('what cannot be had at once says so: token/platform', async () => {
    expect(web.synchronous).toBe(false)
    const key = await web.loadVerifyKey(es256.publicJwk)
    const signKey = await web.loadSignKey(es256.privateJwk)
    const secret = web.Secret.fromBytes(bytesOf('web', 32))
    const acts = [
      () => web.importVerifyKey(es256.publicJwk),
      () => web.importSignKey(es256.privateJwk),
      () => web.KeySet.fromJwks({ keys: [es256.publicJwk] }),
      () => web.jwkThumbprint(es256.publicJwk),
      () => web.verify(signedToken(es256), key),
      () => web.generateKeyPair('ES256'),
      () => web.importSecretKey(secret, { alg: 'HS256' }),
      () => web.importMacKey('AAAAAAAAAAA', secret),
      () => web.importSealKey('AAAAAAAAAAA', secret),
      () => web.signerOf(signKey).sign(new Uint8Array(1)),
    ]
    for (const act of acts) expect(act).toThrow(expect.objectContaining({ code: 'token/platform' }))
  })
})

describe('on Node', () => {
  test('the asynchronous functions answer as the synchronous ones', async () => {
    const { loadVerifyKey, verifyAsync, KeySet, jwkThumbprint, jwkThumbprintAsync, synchronous } =
      await import('@jotwarden/token')
    expect(synchronous).toBe(true)
    for (const sample of [es256, ed25519, rs256]) {
      const token = signedToken(sample)
      const found = await verifyAsync(token, await loadVerifyKey(sample.publicJwk))
      expect(found.claims).toEqual(verify(token, sample.verifyKey).claims)
      expect(await jwkThumbprintAsync(sample.publicJwk)).toBe(jwkThumbprint(sample.publicJwk))
    }
    const set = await KeySet.load({ keys: [es256.publicJwk, { kty: 'unknown' }] })
    await expect(verifyAsync(`${signedToken(es256)}=`, set)).rejects.toMatchObject({
      code: 'token/base64url',
    })
    await expect(verifyAsync(signedToken(rs256), set)).rejects.toMatchObject({ code: 'token/unknown-key' })
  })
})

/** Takes away what newer engines have (ES2026), and gives the way back. */
function withoutBase64(): () => void {
  const encoder = Object.getOwnPropertyDescriptor(Uint8Array.prototype, 'toBase64') ?? {}
  const decoder = Object.getOwnPropertyDescriptor(Uint8Array, 'fromBase64') ?? {}
  Reflect.deleteProperty(Uint8Array.prototype, 'toBase64')
  Reflect.deleteProperty(Uint8Array, 'fromBase64')
  return () => {
    Object.defineProperty(Uint8Array.prototype, 'toBase64', encoder)
    Object.defineProperty(Uint8Array, 'fromBase64', decoder)
  }
}

function codeIn(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
