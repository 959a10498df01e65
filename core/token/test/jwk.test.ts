import { createHash } from 'node:crypto'
import {
  decodeBase64url,
  generateKeyPair,
  importSignKey,
  jwkThumbprint,
  parsePrivateJwk,
  parsePublicJwk,
  publicJwkOf,
} from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { codeOf, ed25519, es256, rs256 } from './samples.ts'

const pairs = [es256, ed25519, rs256]
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

describe('parsePublicJwk', () => {
  test.each(pairs)('keeps a public key of $alg and drops what it does not know', ({ publicJwk }) => {
    expect(
      parsePublicJwk({ ...publicJwk, x5c: ['MIIB'], jku: 'https://attacker.example/', extra: 1 }),
    ).toEqual(publicJwk)
  })

  test.each(pairs)('refuses a private key of $alg', ({ privateJwk }) => {
    expect(codeOf(() => parsePublicJwk(privateJwk))).toBe('key/private-in-public-set')
  })

  test.each(privateMembers)('refuses a key with the private member %s, whatever its value', (name) => {
    for (const value of ['AA', '', null, 0, []])
      expect(codeOf(() => parsePublicJwk({ ...es256.publicJwk, [name]: value }))).toBe(
        'key/private-in-public-set',
      )
  })

  test('refuses a symmetric key', () => {
    expect(codeOf(() => parsePublicJwk({ kty: 'oct' }))).toBe('key/private-in-public-set')
  })

  test.each<unknown>([null, undefined, [], 'text', 1, [es256.publicJwk], {}, { kty: 1 }, { kty: null }])(
    'refuses %j',
    (odd) => {
      expect(codeOf(() => parsePublicJwk(odd))).toBe('key/malformed')
    },
  )

  test.each(['kid', 'alg', 'use', 'crv', 'x', 'y'])('refuses a %s that is no string or too long', (name) => {
    for (const value of [1, null, ['a'], {}, 'A'.repeat(2049)])
      expect(codeOf(() => parsePublicJwk({ ...es256.publicJwk, [name]: value }))).toBe('key/malformed')
  })

  test('refuses key_ops that are no distinct strings', () => {
    for (const key_ops of ['verify', [1], ['verify', 'verify'], ['verify', null], {}, null])
      expect(codeOf(() => parsePublicJwk({ ...es256.publicJwk, key_ops }))).toBe('key/malformed')
  })

  test('reads own members only', () => {
    expect(codeOf(() => parsePublicJwk(Object.create(es256.publicJwk)))).toBe('key/malformed')
  })
})

describe('parsePrivateJwk', () => {
  test.each(pairs)('keeps a private key of $alg', ({ privateJwk }) => {
    expect(parsePrivateJwk({ ...privateJwk, extra: 1 })).toEqual(privateJwk)
  })

  test('refuses a key without a private member, with other primes, or with a symmetric member', () => {
    expect(codeOf(() => parsePrivateJwk(es256.publicJwk))).toBe('key/malformed')
    expect(codeOf(() => parsePrivateJwk({ ...rs256.privateJwk, oth: [] }))).toBe('key/malformed')
    expect(codeOf(() => parsePrivateJwk({ ...es256.privateJwk, k: 'AA' }))).toBe('key/malformed')
  })
})

describe('publicJwkOf', () => {
  test.each(pairs)('leaves nothing private of a key of $alg', ({ privateJwk }) => {
    const publicJwk = publicJwkOf({ ...privateJwk, key_ops: ['sign'], ...{ secret: 'x', oth: [], k: 'AA' } })
    for (const name of [...privateMembers, 'secret']) expect(publicJwk).not.toHaveProperty(name)
    expect(JSON.stringify(publicJwk)).not.toContain(privateJwk.d)
    expect(publicJwk.key_ops).toEqual(['verify'])
    expect(parsePublicJwk(publicJwk)).toEqual(publicJwk)
  })
})

describe('jwkThumbprint', () => {
  test('hashes the required members alone, in their order (RFC 7638 §3)', () => {
    const { crv, kty, x, y } = es256.publicJwk
    const digest = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
    expect(jwkThumbprint(es256.publicJwk)).toBe(digest)
    expect(jwkThumbprint({ ...es256.privateJwk, kid: 'other', use: 'sig', alg: 'ES256' })).toBe(digest)
  })

  test('refuses other key types, missing members and members that need escaping', () => {
    expect(codeOf(() => jwkThumbprint({ kty: 'oct' }))).toBe('key/unsupported')
    expect(codeOf(() => jwkThumbprint({ kty: 'constructor' }))).toBe('key/unsupported')
    for (const x of ['', 'a"b', 'a\\b', 'a b', 'é', 'AA=='])
      expect(codeOf(() => jwkThumbprint({ ...es256.publicJwk, x }))).toBe('key/malformed')
    expect(codeOf(() => jwkThumbprint({ kty: 'RSA', n: 'AQ' }))).toBe('key/malformed')
  })
})

describe('generateKeyPair', () => {
  test.each(['ES256', 'Ed25519', 'RS256'] as const)(
    'makes a new pair for %s, named by its thumbprint',
    (alg) => {
      const { privateJwk, publicJwk } = generateKeyPair(alg)
      expect(publicJwk).toEqual(publicJwkOf(privateJwk))
      expect(publicJwk).toMatchObject({ alg, use: 'sig', kid: jwkThumbprint(publicJwk) })
      expect(importSignKey(privateJwk).kid).toBe(publicJwk.kid)
      if (alg === 'RS256') expect([...decodeBase64url(publicJwk.e ?? '')]).toEqual([1, 0, 1])
      else expect(generateKeyPair(alg).publicJwk.x).not.toBe(publicJwk.x)
    },
  )
})
