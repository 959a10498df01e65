import { KeySet } from '@jotwarden/token'
import { VerifierError } from './errors.ts'
import { type FetchDocumentOptions, fetchDocument } from './fetch-document.ts'
import type { LoadedKeys } from './key-cache.ts'
import type { IssuerMetadata } from './metadata.ts'

/** What the loader is told. */
export interface IssuerKeysOptions extends FetchDocumentOptions {
  /** Where the keys are; found by discovery when left out. */
  readonly jwksUri?: string
  readonly metadata: IssuerMetadata
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

async function loadKeys(url: string, options: FetchDocumentOptions): Promise<LoadedKeys> {
  const found = await fetchDocument(url, options)
  if (found !== undefined) return { keys: readKeySet(found.document), ...found }
  throw new VerifierError('verifier/keys-unavailable', 'Cannot fetch the keys: the issuer has none there', {
    reason: 'document-status',
  })
}

/** Reads a JWK Set. RS256 is the one RSA algorithm we know, so an RSA key need not name it. Throws TokenError. */
export function readKeySet(jwks: unknown): KeySet {
  return KeySet.fromJwks(jwks, { rsaAlg: 'RS256' })
}
