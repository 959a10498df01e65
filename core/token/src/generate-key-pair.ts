import { generatePrivate, generatePrivateAsync } from '#platform'
import { type AlgorithmEntry, type JwsAlgorithm, jwsAlgorithms, type SecretAlgorithm } from './algorithms.ts'
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
export type PairAlgorithm = Exclude<JwsAlgorithm, SecretAlgorithm>

/** A new key, with the same `kid` and `alg` in both halves. */
export interface KeyPair {
  readonly privateJwk: PrivateJwk
  readonly publicJwk: PublicJwk
}

/**
 * Makes a key pair whose `kid` is its thumbprint, with `alg` and `use: 'sig'`; RSA keys have 3072 bits. Throws
 * `key/unsupported` for an algorithm without pairs or one that the platform lacks, and `token/platform` where keys are made asynchronously.
 */
export function generateKeyPair(alg: PairAlgorithm): KeyPair {
  const entry = pairEntry(alg)
  const bare = parsePrivateJwk(made(() => generatePrivate(entry)))
  return pairOf(alg, bare, jwkThumbprint(bare))
}

/** `generateKeyPair` for every platform; rejects with its codes but `token/platform`. */
export async function generateKeyPairAsync(alg: PairAlgorithm): Promise<KeyPair> {
  const entry = pairEntry(alg)
  const bare = parsePrivateJwk(await madeAsync(async () => generatePrivateAsync(entry)))
  return pairOf(alg, bare, await jwkThumbprintAsync(bare))
}

function pairEntry(alg: PairAlgorithm): AlgorithmEntry {
  const entry = jwsAlgorithms.get(alg)
  if (entry !== undefined && !entry.symmetric) return entry
  throw new TokenError('key/unsupported', 'Cannot make a key pair: the algorithm has none')
}

function made(make: () => unknown): unknown {
  try {
    return make()
  } catch (cause) {
    throw lacking(cause)
  }
}

async function madeAsync(make: () => Promise<unknown>): Promise<unknown> {
  try {
    return await make()
  } catch (cause) {
    throw lacking(cause)
  }
}

function lacking(cause: unknown): TokenError {
  if (cause instanceof TokenError) return cause
  return new TokenError('key/unsupported', 'Cannot make a key pair: this platform lacks its algorithm', {
    cause,
  })
}

function pairOf(alg: PairAlgorithm, bare: PrivateJwk, kid: string): KeyPair {
  const privateJwk = { ...bare, kid, alg, use: 'sig' }
  return { privateJwk, publicJwk: publicJwkOf(privateJwk) }
}
