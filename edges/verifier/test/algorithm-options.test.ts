import { jwsAlgorithms } from '@jotwarden/token'
import { createVerifier, type VerifierOptions } from '@jotwarden/verifier'
import { expect, test } from 'vitest'

const good = { issuer: 'https://issuer.example', audience: 'https://api.example', revocation: null }

function constructs(algorithms: readonly string[]): boolean {
  try {
    createVerifier({ ...good, algorithms } as VerifierOptions)
    return true
  } catch {
    return false
  }
}

test('createVerifier() takes every set of asymmetric algorithms and no other set of names', () => {
  const asymmetric = [...jwsAlgorithms.values()].flatMap((row) => (row.symmetric ? [] : row.alg))
  const others = ['HS256', 'HS384', 'HS512', 'none', 'ES256K', 'A256GCM', 'ed25519']
  expect(asymmetric.length).toBeGreaterThan(1)
  for (let bits = 0; bits < 2 ** asymmetric.length; bits += 1) {
    const chosen = asymmetric.filter((_, at) => bits & (1 << at))
    expect([chosen, constructs(chosen)]).toEqual([chosen, chosen.length > 0])
  }
  for (const alg of asymmetric)
    for (const other of others) {
      expect([other, constructs([other])]).toEqual([other, false])
      expect([alg, other, constructs([alg, other])]).toEqual([alg, other, false])
    }
})

test('jwsAlgorithms has no algorithm on MD5 or SHA-1, and none without a key', () => {
  for (const { hash, scheme, kty } of jwsAlgorithms.values()) {
    expect(hash ?? scheme).toMatch(/^(SHA-256|SHA-384|SHA-512|eddsa|ml-dsa)$/)
    expect(kty).toMatch(/^(EC|OKP|RSA|AKP|oct)$/)
  }
})
