import { decodeBase64url, encodeBase64url, isJwsAlgorithm, jwsAlgorithms, verify } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { bytesOf, codeOf, everyAlgorithm, signedToken } from './samples.ts'

describe('jwsAlgorithms', () => {
  test('holds the sound ones of the registry, and none is not one', () => {
    expect([...jwsAlgorithms.keys()].sort()).toEqual([
      ...['ES256', 'ES384', 'ES512', 'Ed25519', 'HS256', 'HS384', 'HS512', 'ML-DSA-44', 'ML-DSA-65'],
      ...['ML-DSA-87', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
    ])
    expect(everyAlgorithm.map(({ alg }) => alg).sort()).toEqual([...jwsAlgorithms.keys()].sort())
  })

  test.each(everyAlgorithm)('the row of $alg says how long its signatures are', ({ alg, signer }) => {
    const row = jwsAlgorithms.get(alg)
    expect(signer.sign(bytesOf('data', 100))).toHaveLength(
      row?.signatureLength === 'modulus' ? 256 : (row?.signatureLength ?? 0),
    )
  })

  test.each(everyAlgorithm)('a key of $alg takes a signature of that length alone', (sample) => {
    const { verifyKey } = sample
    const token = signedToken(sample)
    const input = token.slice(0, token.lastIndexOf('.'))
    const signature = decodeBase64url(token.slice(input.length + 1))
    for (const odd of [
      signature.subarray(1),
      signature.subarray(0, -1),
      new Uint8Array(0),
      Uint8Array.of(...signature, 0),
    ])
      expect(codeOf(() => verify(`${input}.${encodeBase64url(odd)}`, verifyKey))).toBe('token/signature')
  })
})

test('isJwsAlgorithm knows the exact names alone', () => {
  for (const name of jwsAlgorithms.keys()) expect(isJwsAlgorithm(name)).toBe(true)
  for (const odd of [
    'none',
    'es256',
    'ES256 ',
    'EdDSA',
    'ES256K',
    'Ed448',
    'HS1',
    'RS1',
    'RSA-OAEP',
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
