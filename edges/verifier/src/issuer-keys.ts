import {
  type Clock,
  type JwsAlgorithm,
  KeySet,
  type KeySetOptions,
  synchronous,
  type VerifyAlgorithm,
} from '@jotwarden/token'
import { VerifierError } from './errors.ts'
import { type FetchDocumentOptions, fetchDocument } from './fetch-document.ts'
import type { KeyAnchors } from './key-anchors.ts'
import type { LoadedKeys } from './key-cache.ts'
import type { IssuerMetadata } from './metadata.ts'

/** What the loader is told. */
export interface IssuerKeysOptions extends FetchDocumentOptions {
  /** Where the keys are; found by discovery when left out. */
  readonly jwksUri?: string
  readonly metadata: IssuerMetadata
  readonly anchors?: KeyAnchors | undefined
  readonly clock: Clock
  readonly algorithms: readonly VerifyAlgorithm[]
}

/**
 * Makes the function that loads an issuer's key set, finding its address once.
 * A failure forgets the address, so that the next attempt finds it anew.
 */
export function issuerKeys(options: IssuerKeysOptions): () => Promise<LoadedKeys> {
  return async () => {
    try {
      return await loadKeys(options.jwksUri ?? (await options.metadata.jwksUri()), options)
    } catch (cause) {
      options.metadata.forget()
      throw cause
    }
  }
}

async function loadKeys(url: string, options: IssuerKeysOptions): Promise<LoadedKeys> {
  const found = await fetchDocument(url, options)
  if (found !== undefined) return { keys: await readKeySet(found.document, options), ...found }
  throw new VerifierError('verifier/keys-unavailable', 'Cannot fetch the keys: the issuer has none there', {
    reason: 'document-status',
  })
}

/**
 * Reads a JWK Set: where there are anchors, only the keys that they vouch for. An RSA key that names no algorithm is
 * of the one RSA algorithm that is accepted, or of RS256. Answers at once where the platform imports keys at once. Throws TokenError.
 */
export function readKeySet(
  jwks: unknown,
  { anchors, clock, algorithms }: Pick<IssuerKeysOptions, 'anchors' | 'clock' | 'algorithms'>,
): KeySet | Promise<KeySet> {
  const vouched = anchors === undefined ? jwks : vouchedKeys(jwks, anchors, clock.now())
  const [rsaAlg = 'RS256', ...others] = algorithms.filter(isRsa)
  const options: KeySetOptions = {
    rsaAlg: others.length > 0 ? 'RS256' : rsaAlg,
    acceptEdDSA: algorithms.includes('EdDSA'),
  }
  return synchronous ? KeySet.fromJwks(vouched, options) : KeySet.load(vouched, options)
}

function isRsa(alg: VerifyAlgorithm): alg is JwsAlgorithm {
  return /^[RP]S/.test(alg)
}

function vouchedKeys(jwks: unknown, anchors: KeyAnchors, now: number): unknown {
  if (typeof jwks !== 'object' || jwks === null || !('keys' in jwks) || !Array.isArray(jwks.keys)) return jwks
  return { keys: jwks.keys.filter((jwk) => anchors.vouchFor(jwk, now)) }
}
