import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { bytesOf } from './samples.ts'

const data = bytesOf('data', 100)

describe('jwsAlgorithms', () => {
  test('holds four algorithms, and none is not one', () => {
    expect([...jwsAlgorithms.keys()]).toEqual(['ES256', 'Ed25519', 'RS256', 'HS256'])
  })

  test.each(keys())(
    'the row of %s verifies what it signs, and is false, without throwing, for all else',
    (alg, sign, check) => {
      const row = jwsAlgorithms.get(alg)
      if (row === undefined) throw new TypeError('it is in the table')
      const signature = row.sign(data, sign)
      expect(signature).toHaveLength(row.signatureLength === 'modulus' ? 256 : row.signatureLength)
      expect(row.verify(data, check, signature)).toBe(true)
      expect(row.verify(bytesOf('other', 100), check, signature)).toBe(false)
      for (const odd of [
        signature.subarray(1),
        signature.subarray(0, -1),
        new Uint8Array(0),
        Uint8Array.of(...signature, 0),
      ])
        expect(row.verify(data, check, odd)).toBe(false)
    },
  )
})

test('isJwsAlgorithm knows the exact names alone', () => {
  for (const name of jwsAlgorithms.keys()) expect(isJwsAlgorithm(name)).toBe(true)
  for (const odd of [
    'none',
    'es256',
    'ES256 ',
    'EdDSA',
    '',
    'constructor',
    '__proto__',
    null,
    undefined,
    1,
    ['ES256'],
    {},
  ])
    expect(isJwsAlgorithm(odd)).toBe(false)
})

function keys(): readonly (readonly [JwsAlgorithm, KeyObject, KeyObject])[] {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ed = generateKeyPairSync('ed25519')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const secret = createSecretKey(bytesOf('secret', 32))
  return [
    ['ES256', ec.privateKey, ec.publicKey],
    ['Ed25519', ed.privateKey, ed.publicKey],
    ['RS256', rsa.privateKey, rsa.publicKey],
    ['HS256', secret, secret],
  ]
}
