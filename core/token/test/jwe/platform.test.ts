import { Buffer } from 'node:buffer'
import { Secret } from '@jotwarden/token'
import { decrypt as decryptHere, encrypt as encryptHere } from '@jotwarden/token/jwe'
import { beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, es256 } from '../samples.ts'
import { webBundle } from '../web-build.ts'
import { asyncCodeOf, dirSample, pairSample, privateJwk, systemRandom } from './samples.ts'

type Jwe = typeof import('@jotwarden/token') & typeof import('@jotwarden/token/jwe')

let web: Jwe
let code: string
beforeAll(async () => {
  code = await webBundle("export * from '@jotwarden/token'; export * from '@jotwarden/token/jwe'")
  web = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
})

test('jose is in the bundle of @jotwarden/token/jwe, and not in that of all the rest', async () => {
  expect(code).toContain('ERR_JWE_DECRYPTION_FAILED')
  const rest = await webBundle("export * from '@jotwarden/token'")
  expect(rest).not.toMatch(/ERR_J|jose\b/)
})

describe('on WebCrypto', () => {
  test('nothing of Node is in the bundle', () => {
    expect(code).not.toMatch(/node:|\bBuffer\b/)
  })

  test.each(['P-256', 'X25519'])(
    'what is encrypted there decrypts here, and the reverse: %s',
    async (crv) => {
      const here = await pairSample('ECDH-ES+A128KW', crv, 'A128CBC-HS256')
      const jwk = await privateJwk('ECDH-ES+A128KW', crv)
      const options = { alg: 'ECDH-ES+A128KW', encs: ['A128CBC-HS256'] } as const
      const there = await web.importPrivateDecryptKey(jwk, options)
      const publicKey = await web.importPublicEncryptKey(web.publicJwkOf(jwk), {
        ...options,
        enc: 'A128CBC-HS256',
      })
      const plaintext = bytesOf('plaintext', 40)
      const one = await encryptHere(plaintext, here.encrypt, systemRandom)
      expect(Uint8Array.from((await web.decrypt(one, there)).plaintext)).toEqual(plaintext)
      const other = await web.encrypt(plaintext, publicKey, systemRandom)
      expect(Uint8Array.from((await decryptHere(other, here.decrypt)).plaintext)).toEqual(plaintext)
    },
  )

  test('nested tokens verify, and refusals are the same', async () => {
    const secret = web.Secret.fromBytes(bytesOf('dir A256GCM', 32))
    const shared = web.importSharedKey(secret, { alg: 'dir', encs: ['A256GCM'], kid: 'dir' })
    const signer = web.pooledSignerOf(await web.loadSignKey(es256.privateJwk))
    const verifyKey = await web.loadVerifyKey(es256.publicJwk)
    const jwt = { typ: 'at+jwt', claims: { sub: 'a' } }
    const token = await web.signThenEncrypt(jwt, signer, shared.encrypt, systemRandom)
    expect((await web.decryptThenVerify(token, shared.decrypt, verifyKey)).claims).toEqual({ sub: 'a' })
    const changed = `${token.slice(0, -2)}AA`
    expect(await asyncCodeOf(web.decryptThenVerify(changed, shared.decrypt, verifyKey))).toBe('jwe/refused')
    expect(await asyncCodeOf(decryptHere(changed, dirSample('A256GCM', 32).decrypt))).toBe('jwe/refused')
    expect(() =>
      web.importSharedKey(Secret.fromText('short') as never, { alg: 'dir', encs: ['A256GCM'] }),
    ).toThrow(expect.objectContaining({ code: 'key/weak' }))
  })

  test('a header comes off and goes on', () => {
    const header = web.configuredHeader({ alg: 'ES256' })
    expect(web.restoreHeader(web.stripHeader('eyJhbGciOiJFUzI1NiJ9.e30.AAAA', header), header)).toBe(
      'eyJhbGciOiJFUzI1NiJ9.e30.AAAA',
    )
  })
})
