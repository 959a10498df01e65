import { keyPurposes } from '@jotwarden/keyring'
import { expect, test } from 'vitest'
import { issuer, opened } from './opened-keyring.ts'

test('without a word about it, a first start makes ES256 keys and publishes nothing but P-256', async () => {
  const { keyring } = await opened()
  expect(keyring.signer().alg).toBe('ES256')
  expect(keyring.jwks().keys.map(({ kty, crv, alg, use }) => [kty, crv, alg, use])).toEqual([
    ['EC', 'P-256', 'ES256', 'sig'],
    ['EC', 'P-256', 'ES256', 'sig'],
  ])
})

test('every key has a purpose of the table, with the algorithm and the kind of key that it asks for', async () => {
  const { records } = await opened()
  for (const { purpose, alg, publicJwk } of await records.list(issuer)) {
    const { family, algs } = keyPurposes[purpose]
    expect(algs[0]).toBe(alg)
    expect(publicJwk === null).toBe(family === 'symmetric')
  }
})
