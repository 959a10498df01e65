import { ImportedHashError, malformed } from './errors.ts'

/** Says by name what a text is that no form takes, and never the text. */
export function refused(text: string): ImportedHashError {
  const name = names.find(([pattern]) => pattern.test(text))?.[1]
  if (name === undefined) return malformed('it is in none of the forms that can be imported')
  return new ImportedHashError(
    'hasher/unsupported-hash',
    `Cannot take the password hash: ${name}. Import the account with "password_hash": null, and let the person set a new password`,
  )
}

const fast = 'is guessed at in no time'
const names: readonly (readonly [RegExp, string])[] = [
  [/^(\{MD5\}|\{SMD5\}|md5\$|[0-9a-f]{32}$)/i, `MD5 ${fast}`],
  [/^(\{SHA\}|\{SSHA\}|sha1\$|[0-9a-f]{40}$)/i, `SHA-1 ${fast}`],
  [/^(\{S?SHA(256|512)\}|[0-9a-f]{64}$|[0-9a-f]{128}$)/i, `SHA-2 that is not stretched ${fast}`],
  [/^\$(1|apr1)\$/, `MD5-crypt ${fast}`],
  [/^\$5\$/, 'SHA-256-crypt is not supported'],
  [/^\$6\$/, 'SHA-512-crypt is not supported'],
  [/^\$[PH]\$/, 'phpass is not supported'],
  [/^\$g?y\$/, 'yescrypt is not supported'],
  [/^\$2x?\$/, 'bcrypt of this version is not supported, since its implementation was wrong'],
  [/^\$3\$/, `an NT hash ${fast}`],
  [/^\$?pbkdf2[-_]?(sha1)?\$/, 'PBKDF2 with SHA-1 is not supported'],
  [/^\$argon2(id|i|d)\$(v=16\$|m=)/, 'argon2 of version 16 is not supported'],
]
