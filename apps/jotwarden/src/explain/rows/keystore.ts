import type { KeyStoreErrorCode } from '@jotwarden/keystore-file'
import type { Explanation } from '../explanation.ts'

/** Private keys and the key-encryption key around them. */
export const keystoreRows: Readonly<Record<KeyStoreErrorCode, Explanation>> = {
  'keystore/kek-missing': {
    means: 'The file of the key-encryption key is missing.',
    matters: 'Without it the private keys in the store are noise.',
    sources: [],
    mend: 'Put it back from its backup. If it is lost for good: `jotwarden keys replace-lost`.',
  },
  'keystore/kek-mode': {
    means: 'Others than its owner may read or write the file of the key-encryption key.',
    matters: 'Who has read it opens every private key in any copy of the store.',
    sources: ['CWE-732'],
    mend: 'Run `chmod 600` on it. If others may have read it, `jotwarden keys rewrap` to a new one, then rotate.',
  },
  'keystore/kek-owner': {
    means: 'The file of the key-encryption key belongs to another user.',
    matters: 'Its owner can read it and put another in its place.',
    sources: ['CWE-732'],
    mend: 'Run `chown` on it, to the user of the server.',
  },
  'keystore/kek-link': {
    means: 'The path of the key-encryption key is a symbolic link.',
    matters: 'Whoever may change the link chooses the key.',
    sources: ['CWE-59'],
    mend: 'Name the file itself in the configuration.',
  },
  'keystore/kek-malformed': {
    means: 'The file of the key-encryption key holds something else.',
    matters:
      'A key that was cut or edited opens nothing, and making a new one would lose what the old one wrapped.',
    sources: [],
    mend: 'Put the file back from its backup.',
  },
  'keystore/kek-file': {
    means:
      'The system does not let the file of the key-encryption key be read or written, or it is not a plain file.',
    matters: 'The message has the word of the system.',
    sources: [],
    mend: 'See that the folder exists, that its disk is not full or read-only, and that the user of the server may enter it.',
  },
  'keystore/kek-busy': {
    means: 'Another process is changing the file of the key-encryption key.',
    matters: 'Two changes at once would lose one of two keys.',
    sources: [],
    mend: 'Wait for it to end. If none runs, remove the lock file that the message names.',
  },
  'keystore/wrong-kek': {
    means: 'The key was wrapped under another key-encryption key than the one at hand.',
    matters: 'Store and key file come from two installations, or one of them was put back alone.',
    sources: [],
    mend: 'Put back the key file that belongs to this store; the message names its id.',
  },
  'keystore/unwrap': {
    means: 'The wrapped key was changed, moved to another record, or is not whole.',
    matters: 'Wrapping binds a private key to its id and purpose, so that a swap in the database is noticed.',
    sources: ['RFC 7518 §5.3'],
    mend: 'Find out who wrote to the store. Restore it from a copy, and treat the key as compromised.',
  },
  'keystore/destroyed': {
    means: 'The private part of this key is destroyed.',
    matters: 'A retired key must not sign again.',
    sources: ['NIST SP 800-57 Part 1'],
    mend: 'Use the active key. What the old one signed is verified with its public part.',
  },
  'keystore/mismatch': {
    means: 'The private part that was opened is not that of the record.',
    matters: 'What it signed would not verify, or would verify under a key that somebody slipped in.',
    sources: ['RFC 7638 §3'],
    mend: 'Restore the store from a copy, and treat the key as compromised.',
  },
  'keystore/algorithm': {
    means: 'The key store makes no keys of this algorithm for this purpose.',
    matters: 'One purpose has one list of algorithms.',
    sources: ['RFC 8725 §3.1'],
    mend: 'Correct the algorithm in the configuration; the default is ES256.',
  },
}
