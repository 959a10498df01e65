import { type JsonObject, signJwt, type VerifiedClaims, type VerifiedToken } from '@jotwarden/token'
import {
  type DecryptedJwe,
  type DecryptKey,
  decrypt,
  decryptClaims,
  decryptThenVerify,
  type EncryptKey,
  encrypt,
  encryptClaims,
  signThenEncrypt,
  unauthenticatedClaims,
} from '@jotwarden/token/jwe'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { ed25519, es256, hs256, signedToken } from '../samples.ts'
import { asyncCodeOf, dirSample, pairSample, passwordSample, sealedDirect, systemRandom } from './samples.ts'

const claims = { iss: 'https://issuer.example', sub: 'somebody', aud: ['a', 'b'], n: { deep: [1, 2] } }
const jwt = { typ: 'at+jwt', claims }
const recipient = await pairSample('ECDH-ES+A256KW', 'P-256', 'A256GCM')
const shared = dirSample('A256GCM', 32)
const sharedKey = shared.decrypt as DecryptKey<true>

describe('decryptThenVerify', () => {
  test.each([
    ['a public key', recipient],
    ['a shared key', shared],
  ])(
    'gives the verified token inside what signThenEncrypt made for %s',
    async (_title, { encrypt, decrypt }) => {
      const token = await signThenEncrypt(jwt, es256.signer, encrypt, systemRandom)
      const nested = await decryptThenVerify(token, decrypt, es256.verifyKey)
      expect(nested.claims).toEqual(claims)
      expect(nested.typ).toBe('at+jwt')
      expect(nested.header.alg).toBe('ES256')
      expect(nested.key).toBe(es256.verifyKey)
      expect(nested.encryption.header).toMatchObject({ cty: 'JWT', alg: encrypt.alg })
      expect(nested.encryption.key).toBe(decrypt)
    },
  )

  test('refuses an inner signature of another key', async () => {
    const token = await signThenEncrypt(
      jwt,
      { ...ed25519.signer, kid: es256.kid },
      recipient.encrypt,
      systemRandom,
    )
    expect(await asyncCodeOf(decryptThenVerify(token, recipient.decrypt, es256.verifyKey))).toBe('token/alg')
    const inner = signedToken(es256)
    const forged = `${inner.slice(0, -4)}AAAA`
    expect(await nestedCode(forged)).toBe('token/signature')
  })

  test.each([
    ['an unsigned token (CVE-2026-29000)', `${segment({ alg: 'none' })}.${segment(claims)}.`, 'jwe/nested'],
    [
      'an unsigned token with a signature',
      `${segment({ alg: 'none' })}.${segment(claims)}.AAAA`,
      'token/alg',
    ],
    ['bare claims', JSON.stringify(claims), 'jwe/nested'],
    ['nothing', '', 'jwe/nested'],
    ['two parts', 'AAAA.AAAA', 'jwe/nested'],
    ['a line break at the end', `${signedToken(es256)}\n`, 'jwe/nested'],
    ['a JSON serialisation', '{"payload":"AAAA","signatures":[]}', 'jwe/nested'],
    ['no ASCII', '\u00e9.AAAA.AAAA', 'jwe/nested'],
    ['a full-width letter', '\uff21.AAAA.AAAA', 'jwe/nested'],
  ])('refuses %s inside', async (_title, inner, code) => {
    expect(await nestedCode(inner)).toBe(code)
  })

  test('refuses a JWE inside', async () => {
    expect(await nestedCode(await encryptClaims(jwt, shared.encrypt, systemRandom))).toBe('jwe/nested')
  })

  test('refuses a third layer that the inner token announces', async () => {
    expect(await nestedCode(signedToken(es256, { cty: 'JWT' }))).toBe('token/header')
  })

  test.each([undefined, '', 'json', 'JWTs', 'at+jwt'])('refuses a cty of %j', async (cty) => {
    const inner = new TextEncoder().encode(signedToken(es256))
    const token = await encrypt(inner, recipient.encrypt, systemRandom, cty === undefined ? {} : { cty })
    expect(await asyncCodeOf(decryptThenVerify(token, recipient.decrypt, es256.verifyKey))).toBe('jwe/nested')
  })

  test.each(['JWT', 'jwt', 'application/jwt'])('takes a cty of %j', async (cty) => {
    const inner = new TextEncoder().encode(signedToken(es256))
    const token = await encrypt(inner, recipient.encrypt, systemRandom, { cty })
    expect((await decryptThenVerify(token, recipient.decrypt, es256.verifyKey)).header.alg).toBe('ES256')
  })

  test('refuses a JWS alone, however well it is signed', async () => {
    const code = await asyncCodeOf(decryptThenVerify(signedToken(es256), recipient.decrypt, es256.verifyKey))
    expect(code).toBe('jwe/not-encrypted')
  })
})

describe('claims that a header repeats (RFC 7519 §5.3)', () => {
  test('pass when they are the same', async () => {
    const options = { replicate: ['iss', 'sub', 'aud'] } as const
    const token = await signThenEncrypt(jwt, es256.signer, recipient.encrypt, systemRandom, options)
    const { encryption } = await decryptThenVerify(token, recipient.decrypt, es256.verifyKey)
    expect(encryption.header).toMatchObject({ iss: claims.iss, sub: claims.sub, aud: claims.aud })
  })

  test.each([
    ['another iss', { iss: 'https://attacker.example' }],
    ['an aud in another order', { aud: ['b', 'a'] }],
    ['a part of aud', { aud: ['a'] }],
    ['an aud that is one text', { aud: 'a' }],
  ])('are refused when they differ: %s', async (_title, replicated) => {
    const inner = new TextEncoder().encode(await signJwt(jwt, es256.signer))
    const options = { cty: 'JWT', replicated }
    const token = await encrypt(inner, recipient.encrypt, systemRandom, options)
    const code = await asyncCodeOf(decryptThenVerify(token, recipient.decrypt, es256.verifyKey))
    expect(code).toBe('jwe/claims-differ')
  })

  test('are refused when the claims do not have them', async () => {
    const bare = { typ: 'at+jwt', claims: { sub: 'somebody' } }
    const options = { replicated: { iss: 'https://issuer.example' } }
    const token = await encryptClaims(bare, shared.encrypt, systemRandom, options)
    expect(await asyncCodeOf(decryptClaims(token, sharedKey))).toBe('jwe/claims-differ')
  })

  test.each<[string, JsonObject, boolean]>([
    ['the same members in another order', { a: { c: [1], b: null } }, true],
    ['a member more', { a: { b: null, c: [1], d: 1 } }, false],
    ['a member fewer', { a: { b: null } }, false],
    ['another member', { a: { b: null, d: [1] } }, false],
    ['another element', { a: { b: null, c: [2] } }, false],
    ['an element more', { a: { b: null, c: [1, 1] } }, false],
    ['a text', { a: 'b' }, false],
    ['null', { a: null }, false],
    ['an array', { a: [] }, false],
    ['another name, which is no repetition', { other: 1 }, true],
    ['an end, which the claims do not have', { exp: 1 }, false],
  ])('may be objects, compared member by member: %s', async (_title, repeated, same) => {
    const header = JSON.stringify({ alg: 'dir', enc: 'A256GCM', ...repeated })
    const token = sealedDirect(header, JSON.stringify({ a: { b: null, c: [1] } }))
    const decrypting = decryptClaims(token, sharedKey)
    if (same) expect((await decrypting).claims).toEqual({ a: { b: null, c: [1] } })
    else expect(await asyncCodeOf(decrypting)).toBe('jwe/claims-differ')
  })

  test('are no header parameters: a claim may have the name of one, as the typ of some issuers', async () => {
    const named = { typ: 'at+jwt', claims: { typ: 'Bearer', alg: 'x', kid: 1 } }
    const token = await encryptClaims(named, shared.encrypt, systemRandom)
    expect((await decryptClaims(token, sharedKey)).claims).toEqual(named.claims)
  })

  test.each<['iss' | 'aud', JsonObject]>([
    ['iss', { sub: 'somebody' }],
    ['iss', { iss: ['https://issuer.example'] }],
    ['iss', { iss: 1 }],
    ['aud', { aud: { a: 1 } }],
    ['aud', { aud: ['a', 1] }],
  ])('signThenEncrypt refuses to repeat %s from %j', async (name, odd) => {
    const options = { replicate: [name] }
    const token = { typ: 'at+jwt', claims: odd }
    const making = signThenEncrypt(token, hs256.signer, recipient.encrypt, systemRandom, options)
    expect(await asyncCodeOf(making)).toBe('token/claims')
  })
})

describe('decryptClaims', () => {
  test('gives verified claims under a shared key', async () => {
    const token = await encryptClaims(jwt, shared.encrypt, systemRandom)
    const decrypted = await decryptClaims(token, sharedKey)
    expect(decrypted).toMatchObject({ typ: 'at+jwt', claims, key: sharedKey })
    expectTypeOf(decrypted.claims).toEqualTypeOf<VerifiedClaims>()
  })

  test.each([
    ['a public key', recipient],
    ['a password', passwordSample('PBES2-HS256+A128KW', 'A128GCM')],
  ])('refuses what anybody may have encrypted: under %s', async (_title, sample) => {
    const token = await encryptClaims(jwt, sample.encrypt, systemRandom)
    const key = sample.decrypt as DecryptKey<true>
    expect(await asyncCodeOf(decryptClaims(token, key))).toBe('jwe/unauthenticated')
    const jwe = await decrypt(token, sample.decrypt)
    expect(jwe.authenticated).toBe(false)
    expect(unauthenticatedClaims(jwe).unauthenticated).toEqual(claims)
  })

  test('refuses a nested token: what is inside must be verified', async () => {
    const token = await signThenEncrypt(jwt, es256.signer, shared.encrypt, systemRandom)
    expect(await asyncCodeOf(decryptClaims(token, sharedKey))).toBe('jwe/nested')
  })

  test.each([
    ['no JSON', 'x', 'token/json'],
    ['an array', '[]', 'token/json'],
    ['a member twice', '{"a":1,"a":1}', 'token/duplicate-member'],
  ])('refuses claims that are %s', async (_title, text, code) => {
    const token = await encrypt(new TextEncoder().encode(text), shared.encrypt, systemRandom)
    expect(await asyncCodeOf(decryptClaims(token, sharedKey))).toBe(code)
  })

  test.each([undefined, null, [], 'text', 1])('encryptClaims refuses %j as claims', async (odd) => {
    const making = encryptClaims({ typ: 'x', claims: odd as never }, shared.encrypt, systemRandom)
    expect(await asyncCodeOf(making)).toBe('token/claims')
  })
})

test('by type, what anybody may have encrypted reaches no place that wants verified claims', () => {
  type Foreign = DecryptedJwe<false>
  expectTypeOf<Foreign['plaintext']>().not.toEqualTypeOf<Uint8Array>()
  expectTypeOf<ReturnType<typeof unauthenticatedClaims>>().not.toExtend<Pick<VerifiedToken, 'claims'>>()
  expectTypeOf<ReturnType<typeof unauthenticatedClaims>['unauthenticated']>().not.toExtend<VerifiedClaims>()
  expectTypeOf<DecryptKey<false>>().not.toExtend<Parameters<typeof decryptClaims>[1]>()
  expectTypeOf<DecryptKey>().not.toExtend<Parameters<typeof decryptClaims>[1]>()
  expectTypeOf<DecryptKey<true>>().toExtend<Parameters<typeof decryptClaims>[1]>()
  expectTypeOf<EncryptKey>().not.toExtend<DecryptKey>()
})

function segment(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url')
}

/** The code with which a token is refused that holds this text and says that it is a JWT. */
async function nestedCode(inner: string): Promise<string> {
  const bytes = new TextEncoder().encode(inner)
  const token = await encrypt(bytes, recipient.encrypt, systemRandom, { cty: 'JWT' })
  return asyncCodeOf(decryptThenVerify(token, recipient.decrypt, es256.verifyKey))
}
