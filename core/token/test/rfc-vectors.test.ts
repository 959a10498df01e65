import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import {
  decodeBase64url,
  importSecretKey,
  importSignKey,
  importVerifyKey,
  type JsonObject,
  type JsonValue,
  jwkThumbprint,
  KeySet,
  parseJsonObject,
  parsePrivateJwk,
  parsePublicJwk,
  publicJwkOf,
  Secret,
  signerOf,
  verify,
  verifyJws,
} from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { codeOf } from './samples.ts'

const CLAIMS = { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true }

describe('RFC 7515 appendix A', () => {
  const vectors = vectorFile('rfc7515-appendix-a.json')

  test('A.1: verify accepts the HS256 example, and signing gives the same signature', () => {
    const { token, jwk } = example(vectors, 'A.1')
    const secret = Secret.fromBytes(decodeBase64url(text(jwk, 'k')))
    const { verify: verifyKey, sign } = importSecretKey(secret, { alg: 'HS256' })
    expect(verify(token, verifyKey).claims).toEqual(CLAIMS)
    expect(resigned(token, signerOf(sign).sign)).toBe(token)
  })

  test('A.2: verify accepts the RS256 example', () => {
    const { token, jwk } = example(vectors, 'A.2')
    const key = importVerifyKey(parsePublicJwk(jwk), { alg: 'RS256' })
    expect(verify(token, key).claims).toEqual(CLAIMS)
  })

  test('A.3: verify accepts the ES256 example, and the private key is of the public one', () => {
    const { token, jwk } = example(vectors, 'A.3')
    const privateJwk = parsePrivateJwk(jwk)
    expect(verify(token, importVerifyKey(publicJwkOf(privateJwk))).claims).toEqual(CLAIMS)
    expect(importSignKey(privateJwk).alg).toBe('ES256')
  })

  test('A.4: verifyJws accepts the ES512 example, whose payload is a word', () => {
    const { token, jwk } = example(vectors, 'A.4')
    const privateJwk = parsePrivateJwk(jwk)
    const { payload, key } = verifyJws(token, importVerifyKey(publicJwkOf(privateJwk)))
    expect(new TextDecoder().decode(payload)).toBe('Payload')
    expect(key.alg).toBe(importSignKey(privateJwk).alg)
  })

  test('A.5: nothing accepts the unsecured example', () => {
    const token = text(object(vectors, 'A.5'), 'token')
    const key = importVerifyKey(publicJwkOf(parsePrivateJwk(object(object(vectors, 'A.3'), 'jwk'))))
    for (const act of [() => verify(token, key), () => verifyJws(token, key)])
      expect(codeOf(act)).toBe('token/alg')
  })
})

test('RFC 7638 §3.1: jwkThumbprint gives the printed thumbprint', () => {
  const vector = object(vectorFile('rfc7638.json'), '3.1')
  expect(jwkThumbprint(parsePublicJwk(vector.jwk))).toBe(text(vector, 'thumbprint'))
})

describe('RFC 8037 appendix A', () => {
  const vectors = vectorFile('rfc8037-appendix-a.json')
  const privateJwk = parsePrivateJwk(vectors.privateJwk)

  test('A.3: jwkThumbprint gives the printed thumbprint, which is the default kid', () => {
    const printed = text(object(vectors, 'A.3'), 'thumbprint')
    expect(jwkThumbprint(publicJwkOf(privateJwk))).toBe(printed)
    expect(importSignKey(privateJwk).kid).toBe(printed)
  })

  test('A.4: the signer gives the printed signature, but verify knows no EdDSA (RFC 9864)', () => {
    const token = text(object(vectors, 'A.4'), 'token')
    expect(resigned(token, signerOf(importSignKey(privateJwk)).sign)).toBe(token)
    expect(codeOf(() => verify(token, importVerifyKey(publicJwkOf(privateJwk))))).toBe('token/alg')
    expect(codeOf(() => verify(token, KeySet.fromJwks({ keys: [publicJwkOf(privateJwk)] })))).toBe(
      'token/alg',
    )
  })

  test('A.4: the signature matches for who accepts EdDSA, and the payload is refused as no claims', () => {
    const token = text(object(vectors, 'A.4'), 'token')
    const bare = publicJwkOf(privateJwk)
    const keys = [
      importVerifyKey({ ...bare, alg: 'EdDSA' }, { acceptEdDSA: true }),
      KeySet.fromJwks({ keys: [bare] }, { acceptEdDSA: true }),
      KeySet.fromJwks({ keys: [{ ...bare, alg: 'EdDSA' }] }, { acceptEdDSA: true }),
    ]
    for (const key of keys) {
      expect(codeOf(() => verify(token, key))).toBe('token/json')
      expect(codeOf(() => verify(token.replace('.hgyY', '.hgyZ'), key))).toBe('token/signature')
    }
  })
})

// RFC 9964 signs prose too.
describe('RFC 9964', () => {
  const vectors = vectorFile('rfc9964.json')

  test.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])(
    'the thumbprint of %s is the printed one, the pair fits, and the signature matches',
    (alg) => {
      const { token, jwk } = example(vectors, alg)
      const privateJwk = parsePrivateJwk(jwk)
      const key = importVerifyKey(publicJwkOf(privateJwk))
      expect(jwkThumbprint(privateJwk)).toBe(text(object(vectors, alg), 'thumbprint'))
      expect(importSignKey(privateJwk)).toMatchObject({ alg, kid: privateJwk.kid })
      expect(codeOf(() => verify(token, key))).toBe('token/json')
      const signature = token.lastIndexOf('.') + 1
      const changed = `${token.slice(0, signature)}A${token.slice(signature + 1)}`
      expect(codeOf(() => verify(changed, key))).toBe('token/signature')
    },
  )
})

// The cookbook signs prose. The signature is checked before the payload, so `token/json` says that it matched.
describe('RFC 7520', () => {
  test('4.1: the RS256 signature matches, is made again, and the payload is refused as no claims', () => {
    const { token, key } = cookbook('4_1.rsa_v15_signature.json')
    const privateJwk = parsePrivateJwk({ ...key, alg: 'RS256' })
    const verifyKey = importVerifyKey(publicJwkOf(privateJwk))
    expect(resigned(token, signerOf(importSignKey(privateJwk)).sign)).toBe(token)
    expect(codeOf(() => verify(token, verifyKey))).toBe('token/json')
    expect(codeOf(() => verify(token.replace('.MRjd', '.MRje'), verifyKey))).toBe('token/signature')
  })

  test('4.4: the HS256 signature matches, is made again, and the payload is refused as no claims', () => {
    const { token, key } = cookbook('4_4.hmac-sha2_integrity_protection.json')
    const secret = Secret.fromBytes(decodeBase64url(text(key, 'k')))
    const keys = importSecretKey(secret, { alg: 'HS256', kid: text(key, 'kid') })
    expect(resigned(token, signerOf(keys.sign).sign)).toBe(token)
    expect(codeOf(() => verify(token, keys.verify))).toBe('token/json')
    expect(codeOf(() => verify(token.replace('.s0h6', '.s0h7'), keys.verify))).toBe('token/signature')
  })
})

function resigned(token: string, sign: (data: Uint8Array) => Uint8Array | Promise<Uint8Array>): string {
  const input = token.slice(0, token.lastIndexOf('.'))
  const signature = sign(Buffer.from(input))
  if (!(signature instanceof Uint8Array)) throw new TypeError('a key in memory signs at once')
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

function cookbook(name: string): { readonly token: string; readonly key: JsonObject } {
  const vector = vectorFile(`rfc7520/${name}`)
  return { token: text(object(vector, 'output'), 'compact'), key: object(object(vector, 'input'), 'key') }
}

function example(vectors: JsonObject, name: string): { readonly token: string; readonly jwk: JsonObject } {
  const vector = object(vectors, name)
  return { token: text(vector, 'token'), jwk: object(vector, 'jwk') }
}

function vectorFile(name: string): JsonObject {
  return parseJsonObject(readFileSync(new URL(`../../../vectors/rfc/${name}`, import.meta.url)))
}

function object(parent: JsonObject, name: string): JsonObject {
  const value = parent[name]
  if (!isObject(value)) throw new TypeError(`the vector has no object ${name}`)
  return value
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(parent: JsonObject, name: string): string {
  const value = parent[name]
  if (typeof value !== 'string') throw new TypeError(`the vector has no text ${name}`)
  return value
}
