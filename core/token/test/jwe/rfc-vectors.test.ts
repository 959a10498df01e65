import { constants, createCipheriv, createHmac, createPrivateKey, privateDecrypt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  decodeBase64url,
  type JsonObject,
  parseJsonObject,
  parsePrivateJwk,
  parseSecretJwk,
  Secret,
} from '@jotwarden/token'
import {
  decrypt,
  decryptThenVerify,
  importPassword,
  importPrivateDecryptKey,
  importSharedJwk,
  type JweAlgorithm,
  type JweEncryption,
} from '@jotwarden/token/jwe'
import { compactDecrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import { es256 } from '../samples.ts'
import { asyncCodeOf } from './samples.ts'

describe('RFC 7516 appendix A', () => {
  const vectors = vectorFile('rfc7516-appendix-a.json')

  test('A.1: RSA-OAEP, which means SHA-1, is refused by key and by token', async () => {
    const { jwk, token, plaintext } = example(vectors, 'A.1')
    const joses = await compactDecrypt(token, { ...jwk, alg: 'RSA-OAEP' })
    expect(textOf(joses.plaintext)).toBe(plaintext)
    const named = { ...jwk, alg: 'RSA-OAEP' }
    const encs = ['A256GCM'] as const
    expect(await asyncCodeOf(importPrivateDecryptKey(parsePrivateJwk(named), { encs }))).toBe(
      'key/unsupported',
    )
    const key = await importPrivateDecryptKey(parsePrivateJwk(jwk), { alg: 'RSA-OAEP-256', encs })
    expect(await asyncCodeOf(decrypt(token, key))).toBe('token/alg')
  })

  test('A.2: RSA1_5 is refused by key and by token', async () => {
    const { jwk, token } = example(vectors, 'A.2')
    expect(openedWithRsa15(token, jwk)).toBe(true)
    const encs = ['A128CBC-HS256'] as const
    const named = parsePrivateJwk({ ...jwk, alg: 'RSA1_5' })
    expect(await asyncCodeOf(importPrivateDecryptKey(named, { encs }))).toBe('key/unsupported')
    const key = await importPrivateDecryptKey(parsePrivateJwk(jwk), { alg: 'RSA-OAEP-256', encs })
    expect(await asyncCodeOf(decrypt(token, key))).toBe('token/alg')
  })

  test('A.3: A128KW with A128CBC-HS256 decrypts', async () => {
    const { jwk, token, plaintext } = example(vectors, 'A.3')
    const keys = importSharedJwk(parseSecretJwk(jwk), { alg: 'A128KW', encs: ['A128CBC-HS256'] })
    expect(textOf((await decrypt(token, keys.decrypt)).plaintext)).toBe(plaintext)
  })
})

test('RFC 7518 appendix C: decrypt derives the printed key, with apu and apv', async () => {
  const vector = object(vectorFile('rfc7518-appendix-c.json'), 'C')
  const key = await importPrivateDecryptKey(parsePrivateJwk(vector.bob), {
    alg: 'ECDH-ES',
    encs: ['A128GCM'],
  })
  const header = Buffer.from(JSON.stringify(vector.header)).toString('base64url')
  const iv = Buffer.alloc(12, 7)
  const cipher = createCipheriv('aes-128-gcm', decodeBase64url(text(vector, 'derivedKey')), iv)
  cipher.setAAD(Buffer.from(header))
  const sealed = Buffer.concat([cipher.update('Hello, Bob'), cipher.final()])
  const parts = [iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  const { plaintext } = await decrypt(`${header}..${parts.join('.')}`, key)
  expect(textOf(plaintext)).toBe('Hello, Bob')
})

test('RFC 8037: ECDH-ES with X25519 decrypts', async () => {
  const { jwk, alg, enc, token, plaintext } = cookbook('x25519-ecdh-es.json')
  const key = await importPrivateDecryptKey(parsePrivateJwk(jwk), { alg, encs: [enc] })
  expect(textOf((await decrypt(token, key)).plaintext)).toBe(plaintext)
})

describe('RFC 7520 section 5', () => {
  test.each([
    '5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json',
    '5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2.json',
  ])('%s decrypts', async (name) => {
    const { jwk, alg, enc, token, plaintext } = cookbook(`rfc7520/${name}`)
    const key = await importPrivateDecryptKey(parsePrivateJwk(jwk), { alg, encs: [enc] })
    expect(textOf((await decrypt(token, key)).plaintext)).toBe(plaintext)
  })

  test.each([
    '5_6.direct_encryption_using_aes-gcm.json',
    '5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2.json',
    '5_8.key_wrap_using_aes-keywrap_with_aes-gcm.json',
  ])('%s decrypts', async (name) => {
    const { jwk, enc, token, plaintext } = cookbook(`rfc7520/${name}`)
    const keys = importSharedJwk(parseSecretJwk(jwk), { encs: [enc] })
    const decrypted = await decrypt(token, keys.decrypt)
    expect(decrypted.authenticated).toBe(true)
    expect(textOf(decrypted.plaintext)).toBe(plaintext)
  })

  test.each([
    '5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json',
    '5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json',
  ])('%s is refused: its algorithm is not supported', async (name) => {
    const { jwk, enc, token } = cookbook(`rfc7520/${name}`)
    const bare = parsePrivateJwk({ ...jwk, alg: undefined })
    const key = await importPrivateDecryptKey(bare, { alg: 'RSA-OAEP-256', encs: [enc] })
    expect(await asyncCodeOf(decrypt(token, key))).toBe('token/alg')
  })

  test('5.3: a password decrypts only when it is asked for by name, and within its count', async () => {
    const { input, token, plaintext } = cookbook(
      'rfc7520/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2.json',
    )
    const password = Secret.fromText(text(input, 'pwd'))
    const options = { alg: 'PBES2-HS512+A256KW', encs: ['A128CBC-HS256'] } as const
    const asked = importPassword(password, { ...options, danger: { passwordBasedEncryption: true } })
    const decrypted = await decrypt(token, asked.decrypt)
    expect(textOf(decrypted.plaintext)).toBe(plaintext)
    expect(decrypted.authenticated).toBe(false)
    const low = importPassword(password, {
      ...options,
      danger: { passwordBasedEncryption: true, maxCount: 8191 },
    })
    expect(await asyncCodeOf(decrypt(token, low.decrypt))).toBe('jwe/parameter')
  })

  test('5.9: what is compressed decrypts only when it is asked for, and within its bound', async () => {
    const { jwk, enc, token, plaintext } = cookbook('rfc7520/5_9.compressed_content.json')
    const { decrypt: key } = importSharedJwk(parseSecretJwk(jwk), { encs: [enc] })
    expect(await asyncCodeOf(decrypt(token, key))).toBe('jwe/zip')
    const asked = await decrypt(token, key, { danger: { inflateUpTo: 250_000 } })
    expect(textOf(asked.plaintext)).toBe(plaintext)
    const length = Buffer.byteLength(plaintext)
    expect(textOf((await decrypt(token, key, { danger: { inflateUpTo: length } })).plaintext)).toBe(plaintext)
    expect(await asyncCodeOf(decrypt(token, key, { danger: { inflateUpTo: length - 1 } }))).toBe(
      'jwe/refused',
    )
  })
})

test('RFC 7520 section 6: the nested example is refused for RSA-OAEP, and holds the printed JWS', async () => {
  const vector = vectorFile('rfc7520/6.nesting_signatures_and_encryption.json')
  const [sign, encrypt] = [object(vector, 'sign'), object(vector, 'encrypt')]
  const token = text(object(encrypt, 'output'), 'compact')
  const joses = await compactDecrypt(token, { ...object(object(encrypt, 'input'), 'key') })
  expect(textOf(joses.plaintext)).toBe(text(object(sign, 'output'), 'compact'))
  const verifyKey = es256.verifyKey
  const bare = parsePrivateJwk({ ...object(object(encrypt, 'input'), 'key'), alg: undefined })
  const key = await importPrivateDecryptKey(bare, { alg: 'RSA-OAEP-256', encs: ['A128GCM'] })
  expect(await asyncCodeOf(decryptThenVerify(token, key, verifyKey))).toBe('token/alg')
})

/** RFC 7516 A.2 by hand, so that a slip in the vector shows although no code of ours reads it. */
function openedWithRsa15(token: string, jwk: JsonObject): boolean {
  const [header = '', encryptedKey = '', iv = '', ciphertext = '', tag = ''] = token.split('.')
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
  const cek = privateDecrypt(
    { key, padding: constants.RSA_PKCS1_PADDING },
    Buffer.from(encryptedKey, 'base64url'),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(header.length * 8))
  const mac = createHmac('sha256', cek.subarray(0, 16))
  for (const part of [
    Buffer.from(header),
    Buffer.from(iv, 'base64url'),
    Buffer.from(ciphertext, 'base64url'),
  ])
    mac.update(part)
  return mac.update(length).digest().subarray(0, 16).toString('base64url') === tag
}

interface Cookbook {
  readonly input: JsonObject
  readonly jwk: JsonObject
  readonly alg: JweAlgorithm
  readonly enc: JweEncryption
  readonly token: string
  readonly plaintext: string
}

function cookbook(name: string): Cookbook {
  const vector = vectorFile(name)
  const input = object(vector, 'input')
  return {
    input,
    jwk: input.key === undefined ? {} : object(input, 'key'),
    // What the file calls an algorithm is judged by the code under test
    alg: text(input, 'alg') as JweAlgorithm,
    enc: text(input, 'enc') as JweEncryption,
    token: text(object(vector, 'output'), 'compact'),
    plaintext: text(input, 'plaintext'),
  }
}

function example(vectors: JsonObject, name: string) {
  const vector = object(vectors, name)
  return { jwk: object(vector, 'jwk'), token: text(vector, 'token'), plaintext: text(vector, 'plaintext') }
}

function vectorFile(name: string): JsonObject {
  return parseJsonObject(readFileSync(new URL(`../../../../vectors/rfc/${name}`, import.meta.url)))
}

function object(parent: JsonObject, name: string): JsonObject {
  const value = parent[name]
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`the vector has no object ${name}`)
  return value as JsonObject
}

function text(parent: JsonObject, name: string): string {
  const value = parent[name]
  if (typeof value !== 'string') throw new TypeError(`the vector has no text ${name}`)
  return value
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
