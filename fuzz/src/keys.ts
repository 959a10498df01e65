import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The algorithms that tokens are made with. */
export type FuzzAlgorithm = 'HS256' | 'RS256' | 'PS256' | 'ES256' | 'Ed25519'

export const fuzzAlgorithms: readonly FuzzAlgorithm[] = ['HS256', 'RS256', 'PS256', 'ES256', 'Ed25519']

/** A key of the tests: its private half signs, its public half is what verifiers get. */
export interface FuzzKey {
  readonly alg: FuzzAlgorithm
  readonly kid: string
  readonly signing: KeyObject
  /** With `alg` and `kid`; of a shared secret, the secret. */
  readonly jwk: JsonWebKey & { readonly kid: string; readonly alg: FuzzAlgorithm }
}

type StoredKeys = Readonly<Record<string, { readonly private: JsonWebKey; readonly jwk: JsonWebKey }>>

/** The public test keys of the hostile corpus, so that a token that was printed can be judged again anywhere. */
export function testKey(alg: FuzzAlgorithm): FuzzKey {
  const known = keys.get(alg)
  if (known !== undefined) return known
  const made = read(alg, stored[STORED_AS[alg]])
  keys.set(alg, made)
  return made
}

/** A key that no verifier knows. */
export function foreignKey(): KeyObject {
  const { private: jwk } = storedKey(stored.attacker)
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

function read(alg: FuzzAlgorithm, entry: StoredKeys[string] | undefined): FuzzKey {
  const { private: secret, jwk } = storedKey(entry)
  const kid = `key-${alg}`
  const signing =
    alg === 'HS256'
      ? createSecretKey(String(secret.k), 'base64url')
      : createPrivateKey({ key: secret, format: 'jwk' })
  return { alg, kid, signing, jwk: { ...jwk, kid, alg } }
}

function storedKey(entry: StoredKeys[string] | undefined): StoredKeys[string] {
  if (entry === undefined)
    throw new Error('Cannot fuzz: a test key is missing from vectors/hostile/keys.json')
  return entry
}

const STORED_AS = {
  HS256: 'hs256',
  RS256: 'rs256',
  PS256: 'rs256',
  ES256: 'es256',
  Ed25519: 'ed25519',
} as const
const keys = new Map<FuzzAlgorithm, FuzzKey>()
const file = new URL('../../vectors/hostile/keys.json', import.meta.url)
const stored: StoredKeys = JSON.parse(readFileSync(file, 'utf8')).keys
