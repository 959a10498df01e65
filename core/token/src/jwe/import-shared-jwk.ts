import { decodeBase64url } from '../base64url.ts'
import { TokenError } from '../errors.ts'
import { type PrivateJwk, parseSecretJwk, type SecretJwk } from '../jwk.ts'
import { Secret } from '../secret.ts'
import { type JweAlgorithm, type JweEncryption, jweEncryptionEntry } from './algorithms.ts'
import { importPrivateDecryptKey } from './import-key-pair.ts'
import { importSharedKey, type SharedKeys, SYMMETRIC } from './import-shared-key.ts'
import { checkJwePurpose, jweEntryFor } from './key-checks.ts'
import type { DecryptKey } from './keys.ts'

/** What the JWK does not say itself. */
export interface SharedJwkOptions {
  /** For a JWK that does not state its algorithm. */
  readonly alg?: JweAlgorithm
  /** What a sender may choose from; a JWK whose `alg` names a content encryption needs no list. */
  readonly encs?: readonly JweEncryption[]
}

/**
 * Prepares an `oct` JWK as `importSharedKey` does, and holds it to its own `alg`, `use` and `key_ops`, which must allow
 * both sides. An `alg` that names a content encryption is that of a key for `dir` (RFC 7520 §5.6). Throws the codes of
 * `importSharedKey`.
 */
export function importSharedJwk(jwk: SecretJwk, options: SharedJwkOptions = {}): SharedKeys {
  return sharedKeys(jwk, options, ['encrypt', 'decrypt'])
}

/** The half that decrypts, for a JWK whose `key_ops` need allow no more; throws the codes of `importSharedJwk`. */
export function importSharedDecryptKey(jwk: SecretJwk, options: SharedJwkOptions = {}): DecryptKey<true> {
  return sharedKeys(jwk, options, ['decrypt']).decrypt
}

/**
 * Prepares whatever JWK a recipient has: a shared secret or a private key. Only the value of `authenticates` then tells
 * which. Rejects with the codes of `importSharedDecryptKey` and `importPrivateDecryptKey`.
 */
export async function importDecryptKey(
  jwk: SecretJwk | PrivateJwk,
  options: { readonly alg?: JweAlgorithm; readonly encs: readonly JweEncryption[] },
): Promise<DecryptKey> {
  return isSecretJwk(jwk) ? importSharedDecryptKey(jwk, options) : importPrivateDecryptKey(jwk, options)
}

function isSecretJwk(jwk: SecretJwk | PrivateJwk): jwk is SecretJwk {
  return jwk.kty === 'oct'
}

function sharedKeys(
  jwk: SecretJwk,
  options: SharedJwkOptions,
  sides: readonly ('encrypt' | 'decrypt')[],
): SharedKeys {
  const { k, kid, alg, ...purpose } = parseSecretJwk(jwk)
  const direct = alg === undefined ? undefined : jweEncryptionEntry(alg)?.enc
  const entry = jweEntryFor(direct === undefined ? alg : 'dir', options.alg, SYMMETRIC)
  for (const side of sides) checkJwePurpose(purpose, entry, side)
  const encs = direct === undefined ? (options.encs ?? []) : [direct]
  if (direct !== undefined && options.encs?.includes(direct) === false)
    throw new TokenError('key/mismatch', 'Cannot import the key: its alg is another content encryption')
  return importSharedKey(secretOf(k), { alg: entry.alg, encs, ...(kid === undefined ? {} : { kid }) })
}

function secretOf(k: string): Secret {
  try {
    return Secret.fromBytes(decodeBase64url(k))
  } catch {
    throw new TokenError('key/malformed', 'Cannot import the secret: it is not base64url')
  }
}
