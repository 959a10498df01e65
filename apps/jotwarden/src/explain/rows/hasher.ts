import type { HasherErrorCode } from '@jotwarden/hasher-argon2'
import type { ImportedHashErrorCode } from '@jotwarden/hasher-imported'
import type { Explanation } from '../explanation.ts'

/** Passwords: those hashed here, and those that came with an import. */
export const hasherRows: Readonly<Record<HasherErrorCode | ImportedHashErrorCode, Explanation>> = {
  'hasher/busy': {
    means: 'As many passwords as may wait are being hashed.',
    matters: 'Hashing is slow on purpose. Without a bound, a flood of sign-ins would take all memory.',
    sources: ['RFC 9106 §4', 'CWE-770'],
    mend: 'Try again after the time in Retry-After. If it stays, somebody is guessing: `jotwarden events list`.',
  },
  'hasher/closed': {
    means: 'The hasher was closed.',
    matters: 'What is asked of it afterwards is not done.',
    sources: [],
    mend: 'Close it after the server has answered its last request.',
  },
  'hasher/crashed': {
    means: 'The thread that hashes did not start, or ended.',
    matters: 'Nobody can sign in with a password meanwhile.',
    sources: [],
    mend: 'Look at the memory that the process may use. The next attempt starts a new thread.',
  },
  'hasher/derivation': {
    means: 'The computation of the hash failed.',
    matters: 'No answer is not a yes.',
    sources: [],
    mend: 'Look at the memory that the process may use.',
  },
  'hasher/malformed-hash': {
    means: 'A stored or imported password hash cannot be read.',
    matters: 'A hash that is half understood might match everything.',
    sources: [],
    mend: 'At an import, correct the line. For a stored one, set a new password: `jotwarden users password`.',
  },
  'hasher/excessive-cost': {
    means: 'The hash asks for more memory or time than is allowed.',
    matters: 'A single row of an import could otherwise stop the server.',
    sources: ['CWE-770'],
    mend: 'Import the account without its hash, and let the person set a new password.',
  },
  'hasher/weak-cost': {
    means: 'The cost that was set is below what is safe, or out of range.',
    matters: 'Cheap hashes are found by guessing once the store is copied.',
    sources: ['RFC 9106 §4'],
    mend: 'Leave the default, or raise memory and passes.',
  },
  'hasher/password': {
    means: 'The password is too long or not Unicode text.',
    matters: 'What is hashed is bounded, and the same for the same password on every keyboard.',
    sources: ['CWE-770'],
    mend: 'Choose one within the limit.',
  },
  'hasher/queue-limit': {
    means: 'The limit of the queue is no positive whole number.',
    matters: 'A limit of NaN would be no limit.',
    sources: ['CWE-770'],
    mend: 'Pass a positive whole number.',
  },
  'hasher/unsupported-hash': {
    means: 'The imported hash is of a kind that is not taken, such as one without a salt.',
    matters: 'Fast and unsalted hashes are found by guessing once the store is copied.',
    sources: ['NIST SP 800-63B-3 §5.1.1.2'],
    mend: 'Import the account with `"password_hash": null`, and let the person set a new password.',
  },
}
