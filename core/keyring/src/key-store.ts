import type { PublicJwk, Secret, Signer } from '@jotwarden/token'
import type { KeyRecord } from './key-record.ts'
import type { KeyPurpose } from './purposes.ts'

/** What key is wanted. `alg` is one of the purpose's algorithms. */
export interface KeyRequest {
  readonly issuer: string
  readonly purpose: KeyPurpose
  readonly alg: string
}

/** A key just made: what may be kept about it. */
export interface GeneratedKey {
  /** RFC 7638 thumbprint for an asymmetric key, else 8 random bytes in base64url. */
  readonly kid: string
  readonly publicJwk: PublicJwk | null
  /** The private part, readable by this store only and only beside the same issuer, purpose, alg and kid. */
  readonly wrapped: string
}

/** Where private parts live: wrapped under a key kept elsewhere, or inside a device that never gives them out. */
export interface KeyStore {
  readonly name: string

  /**
   * Makes a key, wrapped under what wraps when it is called, not before. Nothing is kept until the caller stores what it
   * gives. Throws when the store cannot make it.
   */
  generate(request: KeyRequest): Promise<GeneratedKey>

  /**
   * The signer of an asymmetric key. Throws when the private part cannot be opened
   * or does not belong to the record's public part.
   */
  signer(record: KeyRecord): Promise<Signer>

  /** The secret of a symmetric key. Throws when it cannot be opened or the key is asymmetric. */
  secret(record: KeyRecord): Promise<Secret>
}
