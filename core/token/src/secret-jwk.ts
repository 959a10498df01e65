import { isJwsAlgorithm, isSecretAlgorithm, type SecretAlgorithm } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { parseSecretJwk, type SecretJwk } from './jwk.ts'
import { checkPurpose } from './key-checks.ts'
import { Secret } from './secret.ts'
import { importSecretKey, loadSecretKey, type SecretKeys, type SecretOptions } from './secret-key.ts'
import type { WordList } from './secret-strength.ts'

/** What the JWK does not say itself, and what else makes it weak. */
export interface SecretJwkOptions {
  /** For a JWK that does not state its algorithm. */
  readonly alg?: SecretAlgorithm
  readonly knownSecrets?: WordList
}

/**
 * Prepares a shared secret that is written as a JWK (RFC 7518 §6.4) whose `use` and `key_ops` allow both to sign and to
 * verify. Throws the codes of `importSecretKey`, `key/malformed` and `key/mismatch`.
 */
export function importSecretJwk(jwk: SecretJwk, options: SecretJwkOptions = {}): SecretKeys {
  const { secret, how } = checkedSecretJwk(jwk, options)
  return importSecretKey(secret, how)
}

/** `importSecretJwk` for every platform; rejects with its codes but `token/platform`. */
export async function loadSecretJwk(jwk: SecretJwk, options: SecretJwkOptions = {}): Promise<SecretKeys> {
  const { secret, how } = checkedSecretJwk(jwk, options)
  return loadSecretKey(secret, how)
}

function checkedSecretJwk(
  value: SecretJwk,
  { alg: wanted, ...options }: SecretJwkOptions,
): { readonly secret: Secret; readonly how: SecretOptions } {
  const { k, kid, alg = wanted, ...jwk } = parseSecretJwk(value)
  if (wanted !== undefined && alg !== wanted)
    throw new TokenError('key/mismatch', 'Cannot import the secret: its alg is not the one asked for')
  if (!isJwsAlgorithm(alg))
    throw new TokenError(
      'key/unsupported',
      'Cannot import the secret: its algorithm is unknown or not stated',
    )
  if (!isSecretAlgorithm(alg))
    throw new TokenError('key/mismatch', 'Cannot import the secret: its algorithm is not symmetric')
  checkPurpose(jwk, 'verify')
  checkPurpose(jwk, 'sign')
  return { secret: secretOf(k), how: { ...options, alg, ...(kid === undefined ? {} : { kid }) } }
}

function secretOf(k: string): Secret {
  try {
    return Secret.fromBytes(decodeBase64url(k))
  } catch {
    throw new TokenError('key/malformed', 'Cannot import the secret: it is not base64url')
  }
}
