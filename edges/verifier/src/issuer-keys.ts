import { KeySet } from '@jotwarden/token'
import { VerifierError } from './errors.ts'
import { fetchDocument } from './fetch-document.ts'
import type { LoadedKeys } from './key-cache.ts'
import { type DiscoveryOptions, discoverJwksUri } from './metadata.ts'

/** What the loader is told. */
export interface IssuerKeysOptions extends DiscoveryOptions {
  /** Where the keys are; found by discovery when left out. */
  readonly jwksUri?: string
}

/**
 * Makes the function that loads an issuer's key set, finding its address once.
 * A failure forgets the address, so that the next attempt finds it anew.
 */
export function issuerKeys(options: IssuerKeysOptions): () => Promise<LoadedKeys> {
  let discovered: string | undefined
  return async () => {
    const url = options.jwksUri ?? discovered ?? (await discoverJwksUri(options))
    discovered = undefined
    const found = await fetchDocument(url, options)
    if (found === undefined)
      throw new VerifierError(
        'verifier/keys-unavailable',
        'Cannot fetch the keys: the issuer has none there',
        {
          reason: 'document-status',
        },
      )
    const loaded = {
      keys: readKeySet(found.document),
      maxAge: found.maxAge,
    }
    discovered = url
    return loaded
  }
}

/** Reads a JWK Set. RS256 is the one RSA algorithm we know, so an RSA key need not name it. Throws TokenError. */
export function readKeySet(jwks: unknown): KeySet {
  return KeySet.fromJwks(jwks, { rsaAlg: 'RS256' })
}
