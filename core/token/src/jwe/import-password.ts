import { TokenError } from '../errors.ts'
import { checkedKid } from '../kid.ts'
import type { Secret } from '../secret.ts'
import { checkSecretStrength } from '../secret-strength.ts'
import type { KeyManagement } from './algorithms.ts'
import type { SharedKeyOptions, SharedKeys } from './import-shared-key.ts'
import { jweEncryptionsFor, jweEntryFor } from './key-checks.ts'
import { DecryptKey, EncryptKey, type KeyMaterial } from './keys.ts'

/** How a password is used; it has to be asked for by name. */
export interface PasswordOptions extends SharedKeyOptions {
  readonly danger: {
    /** Whoever sends a token makes this side compute up to `maxCount` rounds before anything is known of the token. */
    readonly passwordBasedEncryption: true
    /** The highest `p2c`, 1000 to 1,200,000; 600,000 unless said, which is also what is written. */
    readonly maxCount?: number
  }
}

/**
 * Prepares a password of 16 to 128 bytes for `PBES2-*` (RFC 7518 §4.8, §8.8), which nothing else accepts. A password
 * can be guessed from one token, so it authenticates nobody. Throws `key/malformed`, `key/unsupported`, `key/weak`,
 * `key/mismatch` or, without the word under `danger`, `key/unsupported`.
 */
export function importPassword(password: Secret, options: PasswordOptions): SharedKeys<false> {
  const { passwordBasedEncryption, maxCount = DEFAULT_COUNT } = options.danger ?? {}
  if (passwordBasedEncryption !== true)
    throw new TokenError(
      'key/unsupported',
      'Cannot import the password: encryption by password is not asked for',
    )
  if (!Number.isInteger(maxCount) || maxCount < LOWEST_COUNT || maxCount > HIGHEST_COUNT)
    throw new TokenError(
      'key/unsupported',
      `Cannot import the password: maxCount is not within ${LOWEST_COUNT} to ${HIGHEST_COUNT}`,
    )
  const entry = jweEntryFor(undefined, options.alg, PASSWORD)
  const [first] = jweEncryptionsFor(options.encs)
  const bytes = password.reveal()
  checkSecretStrength(bytes, SHORTEST)
  if (first === undefined || bytes.length > LONGEST)
    throw new TokenError('key/malformed', `Cannot import the password: it is longer than ${LONGEST} bytes`)
  const kid = checkedKid(options.kid)
  const material: KeyMaterial = { entry, key: bytes, kid, modulusLength: null, curve: null, maxCount }
  return {
    decrypt: new DecryptKey(material, options.encs, false),
    encrypt: new EncryptKey(material, first.enc),
  }
}

const PASSWORD: readonly KeyManagement[] = ['password']
const SHORTEST = 16
const LONGEST = 128
/** RFC 7518 §4.8.1.2. */
export const LOWEST_COUNT = 1000
/** RFC 8725bis §3.13. */
const HIGHEST_COUNT = 1_200_000
const DEFAULT_COUNT = 600_000
