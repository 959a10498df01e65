import { malformed } from './errors.ts'
import { readArgon2 } from './forms/argon2.ts'
import { readBcrypt } from './forms/bcrypt.ts'
import { readPbkdf2 } from './forms/pbkdf2.ts'
import { readScrypt } from './forms/scrypt.ts'
import type { ImportedHash } from './imported-hash.ts'
import { refused } from './unsupported.ts'

/**
 * Reads a password hash of another system. Throws `hasher/malformed-hash`, `hasher/unsupported-hash`, and
 * `hasher/excessive-cost` for one whose check would hold up everybody's.
 */
export function readImportedHash(text: string): ImportedHash {
  if (text.length > longestText) throw malformed('it is too long')
  const hash = readBcrypt(text) ?? readScrypt(text) ?? readPbkdf2(text) ?? readArgon2(text)
  if (hash === undefined) throw refused(text)
  return hash
}

const longestText = 512
