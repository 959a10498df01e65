import { generateKeyPairSync } from 'node:crypto'
import {
  decodeBase64url,
  generateKeyPair,
  importMacKey,
  importSecretKey,
  importSignKey,
  importVerifyKey,
  parsePrivateJwk,
  publicJwkOf,
  Secret,
} from '@jotwarden/token'
import { describe, expect, test } from 'vitest'

const weak = expect.objectContaining({ code: 'key/weak' })
const varied = (length: number): Secret => Secret.fromBytes(Uint8Array.from({ length }, (_, at) => at * 37))

describe('a symmetric key', () => {
  test('importSecretKey() takes 32 bytes and refuses 31 (RFC 7518 §3.2)', () => {
    expect(importSecretKey(varied(32), { alg: 'HS256' }).verify.alg).toBe('HS256')
    for (const length of [31, 16, 0])
      expect(() => importSecretKey(varied(length), { alg: 'HS256' })).toThrow(weak)
  })

  test('importMacKey() takes 32 bytes and refuses 31', () => {
    expect(importMacKey('AAAAAAAAAAA', varied(32)).kid).toBe('AAAAAAAAAAA')
    for (const length of [31, 16, 0]) expect(() => importMacKey('AAAAAAAAAAA', varied(length))).toThrow(weak)
  })

  test('importSecretKey() refuses one long text of one letter, and one that stands in documentation', () => {
    for (const text of [
      'a'.repeat(64),
      'a-string-secret-at-least-256-bits-long',
      '0123456789abcdef'.repeat(2),
    ])
      expect(() => importSecretKey(Secret.fromText(text), { alg: 'HS256' })).toThrow(weak)
  })
})

describe('an RSA key', () => {
  test('generateKeyPair() makes 3072 bits', () => {
    const { publicJwk } = generateKeyPair('RS256')
    expect(decodeBase64url(publicJwk.n ?? '')).toHaveLength(3072 / 8)
  })

  for (const [bits, verdict] of [
    [1024, 'refuse'],
    [2040, 'refuse'],
    [2048, 'take'],
  ] as const)
    test(`importVerifyKey() and importSignKey() ${verdict} ${bits} bits (RFC 7518 §3.3)`, () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
      const jwk = { ...parsePrivateJwk(privateKey.export({ format: 'jwk' })), alg: 'RS256' }
      for (const act of [() => importVerifyKey(publicJwkOf(jwk)), () => importSignKey(jwk)]) {
        if (verdict === 'take') expect(act).not.toThrow()
        else expect(act).toThrow(weak)
      }
    })
})
