import { asciiBytes, base64urlText, importSecret, importSecretAsync } from '#platform'
import { type AlgorithmEntry, jwsAlgorithms, type SecretAlgorithm } from './algorithms.ts'
import { TokenError } from './errors.ts'
import { checkedKid } from './kid.ts'
import type { SecretHalves } from './platform/platform.ts'
import type { Secret } from './secret.ts'
import { checkSecretStrength, type WordList } from './secret-strength.ts'
import { SignKey } from './sign-key.ts'
import { VerifyKey } from './verify-key.ts'

/** The one algorithm of a secret, and its name. */
export interface SecretOptions {
  readonly alg: SecretAlgorithm
  readonly kid?: string
  /** More secrets that others know, besides those that this package knows of. */
  readonly knownSecrets?: WordList
}

/** A shared secret in both its uses. */
export interface SecretKeys {
  readonly verify: VerifyKey
  readonly sign: SignKey
}

/**
 * Prepares a shared secret, at least as long as the hash: 32, 48 or 64 bytes (RFC 7518 §3.2). Without a `kid` both keys carry one derived from the
 * secret by HMAC. Throws `key/weak` for what `secretWeakness` finds, `key/unsupported` for another
 * algorithm, and `token/platform` where keys are imported asynchronously.
 */
export function importSecretKey(secret: Secret, options: SecretOptions): SecretKeys {
  const entry = symmetricEntry(options)
  const halves = importSecret(entry, checkedBytes(secret, entry, options))
  const kid = checkedKid(options.kid) ?? base64urlText(halves.maker.sign(asciiBytes(KID_LABEL)))
  return secretKeysOf(entry, kid, halves)
}

/** `importSecretKey` for every platform; rejects with its codes but `token/platform`. */
export async function loadSecretKey(secret: Secret, options: SecretOptions): Promise<SecretKeys> {
  const entry = symmetricEntry(options)
  const halves = await importSecretAsync(entry, checkedBytes(secret, entry, options))
  const kid = checkedKid(options.kid) ?? base64urlText(await halves.maker.signAsync(asciiBytes(KID_LABEL)))
  return secretKeysOf(entry, kid, halves)
}

interface SymmetricEntry extends AlgorithmEntry {
  readonly signatureLength: number
}

function symmetricEntry({ alg }: SecretOptions): SymmetricEntry {
  const entry = jwsAlgorithms.get(alg)
  if (entry === undefined || !entry.symmetric || entry.signatureLength === 'modulus') {
    throw new TokenError('key/unsupported', 'Cannot import the secret: its algorithm is not symmetric')
  }
  return { ...entry, signatureLength: entry.signatureLength }
}

function checkedBytes(secret: Secret, entry: SymmetricEntry, options: SecretOptions): Uint8Array {
  const bytes = secret.reveal()
  checkSecretStrength(bytes, entry.signatureLength, options.knownSecrets)
  return bytes
}

function secretKeysOf(entry: SymmetricEntry, kid: string, { check, maker }: SecretHalves): SecretKeys {
  return {
    verify: new VerifyKey(entry.alg, kid, check, entry.signatureLength),
    sign: new SignKey(entry.alg, kid, maker),
  }
}

/** Holds no dot, so it is no signing input of any token. */
const KID_LABEL = 'jotwarden/kid'
