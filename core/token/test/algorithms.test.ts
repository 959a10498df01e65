import { decodeBase64url, encodeBase64url, isJwsAlgorithm, jwsAlgorithms, verify } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { bytesOf, codeOf, everySample, signedToken } from './samples.ts'

describe('jwsAlgorithms', () => {
  test('holds four algorithms, and none is not one', () => {
    expect([...jwsAlgorithms.keys()]).toEqual(['ES256', 'Ed25519', 'RS256', 'HS256'])
  })

  test.each(everySample)('the row of $alg says how long its signatures are', ({ alg, signer }) => {
    const row = jwsAlgorithms.get(alg)
    expect(signer.sign(bytesOf('data', 100))).toHaveLength(
      row?.signatureLength === 'modulus' ? 256 : (row?.signatureLength ?? 0),
    )
  })

  test.each(everySample)('a key of $alg takes a signature of that length alone', ({ verifyKey, signer }) => {
    const token = signedToken({ alg: verifyKey.alg, kid: verifyKey.kid ?? '', signer, verifyKey })
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
