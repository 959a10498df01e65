import { generatePrivate, generatePrivateAsync } from '#platform'
import { type AlgorithmEntry, type JwsAlgorithm, jwsAlgorithms } from './algorithms.ts'
import { TokenError } from './errors.ts'
import {
  jwkThumbprint,
  jwkThumbprintAsync,
  type PrivateJwk,
  type PublicJwk,
  parsePrivateJwk,
  publicJwkOf,
} from './jwk.ts'

/** The algorithms that have a public and a private half. */
export type PairAlgorithm = Exclude<JwsAlgorithm, 'HS256'>

export interface KeyPair {
  readonly privateJwk: PrivateJwk
  readonly publicJwk: PublicJwk
}

/**
 * Makes a key pair whose `kid` is its thumbprint, with `alg` and `use: 'sig'`; RSA keys have 3072 bits. Throws
 * `key/unsupported` for an algorithm without pairs, and `token/platform` where keys are made asynchronously.
 */
export function generateKeyPair(alg: PairAlgorithm): KeyPair {
  const bare = parsePrivateJwk(generatePrivate(pairEntry(alg)))
  return pairOf(alg, bare, jwkThumbprint(bare))
}

/** `generateKeyPair` for every platform; rejects with its codes but `token/platform`. */
export async function generateKeyPairAsync(alg: PairAlgorithm): Promise<KeyPair> {
  const bare = parsePrivateJwk(await generatePrivateAsync(pairEntry(alg)))
  return pairOf(alg, bare, await jwkThumbprintAsync(bare))
}

function pairEntry(alg: PairAlgorithm): AlgorithmEntry {
  const entry = jwsAlgorithms.get(alg)
  if (entry !== undefined && !entry.symmetric) return entry
  throw new TokenError('key/unsupported', 'Cannot make a key pair: the algorithm has none')
}

function pairOf(alg: PairAlgorithm, bare: PrivateJwk, kid: string): KeyPair {
  const privateJwk = { ...bare, kid, alg, use: 'sig' }
  return { privateJwk, publicJwk: publicJwkOf(privateJwk) }
}
