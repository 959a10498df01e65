import { TokenError } from '../errors.ts'
import { checkedKid } from '../kid.ts'
import type { Secret } from '../secret.ts'
import { checkSecretStrength } from '../secret-strength.ts'
import type { JweAlgorithm, JweEncryption, KeyManagement } from './algorithms.ts'
import { jweEncryptionsFor, jweEntryFor } from './key-checks.ts'
import { DecryptKey, EncryptKey, type KeyMaterial } from './keys.ts'

/** Both halves of what two sides share. */
export interface SharedKeys<Authenticates extends boolean = true> {
  readonly decrypt: DecryptKey<Authenticates>
  /** Encrypts under the first `enc` of the list. */
  readonly encrypt: EncryptKey
}

/** What a shared secret is for: one `alg`, and the content encryptions that may go with it. */
export interface SharedKeyOptions {
  readonly alg: JweAlgorithm
  /** What a sender may choose from; for `dir` exactly one, whose key this is. */
  readonly encs: readonly JweEncryption[]
  readonly kid?: string
}

/**
 * Prepares a shared secret for `dir`, `A*KW` or `A*GCMKW`; its length must be exactly that of the algorithm
 * (RFC 7518 §4.4-4.7). Under `dir` and `A*GCMKW` one key must not serve more than 2^32 tokens (§8.4).
 * Throws `key/malformed`, `key/unsupported`, `key/weak` or `key/mismatch`.
 */
export function importSharedKey(secret: Secret, options: SharedKeyOptions): SharedKeys {
  const entry = jweEntryFor(undefined, options.alg, SYMMETRIC)
  const encs = jweEncryptionsFor(options.encs)
  const [first] = encs
  if (first === undefined || (entry.management === 'direct' && encs.length > 1))
    throw new TokenError('key/mismatch', 'Cannot import the secret: dir is for one content encryption')
  const length = entry.keyLength ?? first.keyLength
  const bytes = secret.reveal()
  if (bytes.length !== length)
    throw new TokenError('key/weak', `Cannot import the secret: its algorithm asks for ${length} bytes`)
  checkSecretStrength(bytes, length)
  const kid = checkedKid(options.kid)
  const material: KeyMaterial = { entry, key: bytes, kid, modulusLength: null, curve: null, maxCount: null }
  return {
    decrypt: new DecryptKey(material, options.encs, true),
    encrypt: new EncryptKey(material, first.enc),
  }
}

/** What a shared key is for. */
export const SYMMETRIC: readonly KeyManagement[] = ['direct', 'wrapped', 'gcm-wrapped']
