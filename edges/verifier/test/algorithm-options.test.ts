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
  const asymmetric = new Set<string>(
    [...jwsAlgorithms.values()].flatMap((row) => (row.symmetric ? [] : row.alg)),
  )
  const names = [...jwsAlgorithms.keys(), 'none', 'EdDSA', 'ES384', 'A256GCM', 'ed25519']
  for (let bits = 0; bits < 2 ** names.length; bits += 1) {
    const chosen = names.filter((_, at) => bits & (1 << at))
    const isGood = chosen.length > 0 && chosen.every((name) => asymmetric.has(name))
    expect([chosen, constructs(chosen)]).toEqual([chosen, isGood])
  }
  expect(asymmetric.size).toBeGreaterThan(1)
})

test('jwsAlgorithms has no algorithm on MD5 or SHA-1, and none without a key', () => {
  expect([...jwsAlgorithms.keys()].sort()).toEqual(['ES256', 'Ed25519', 'HS256', 'RS256'])
})
