import type { KeyringErrorCode } from '@jotwarden/keyring'
import type { Explanation } from '../explanation.ts'

/** The life of the authority's own keys. */
export const keyringRows: Readonly<Record<KeyringErrorCode, Explanation>> = {
  'keyring/not-open': {
    means: 'The keyring was used before it was opened.',
    matters: 'Before that, no key has been compared with its record.',
    sources: [],
    mend: 'Await `keyring.open()` before the server listens.',
  },
  'keyring/no-active-key': {
    means: 'No key is active for this purpose.',
    matters:
      'A compromise without a spare at hand, or a restored copy, leaves a purpose without a key. People have to decide.',
    sources: ['NIST SP 800-57 Part 1', 'decision 0012'],
    mend: 'Look at `jotwarden keys list`, then run `jotwarden keys rotate`.',
  },
  'keyring/conflict': {
    means: 'Another process keeps changing the records of keys at the same moment.',
    matters: 'A change goes through only upon the records that were seen before it.',
    sources: ['decision 0013'],
    mend: 'Run it again. If it stays, look for a node that restarts in a loop.',
  },
  'keyring/lease': {
    means: 'The records of keys were read too long ago, so none of them is used.',
    matters: 'A node that has heard nothing might sign with a key that was taken out of use.',
    sources: ['decision 0012'],
    mend: 'Look at the store: the log says why it could not be read.',
  },
  'keyring/expired': {
    means: 'The cryptoperiod of the active key is over.',
    matters: 'A key processes nothing after the date that was set for it, whether or not it was replaced.',
    sources: ['NIST SP 800-57 Part 1'],
    mend: 'Run `jotwarden keys rotate`. `jotwarden serve` does it by itself while it runs; see why it did not.',
  },
  'keyring/volume': {
    means: 'The active key has been used as often as it may be.',
    matters: 'AES-GCM with random nonces must not be used more than 2^32 times with one key.',
    sources: ['NIST SP 800-38D §8.3'],
    mend: 'Run `jotwarden keys rotate`.',
  },
  'keyring/no-schedule': {
    means: 'The keyring was made without a schedule, and cannot replace keys.',
    matters:
      'Dates of keys are derived from the schedule; without one, a verifier could meet a key that it cannot know.',
    sources: ['decision 0012'],
    mend: 'Pass a schedule to `createKeyring`. The command does it by itself.',
  },
  'keyring/unknown-key': {
    means: 'No key has this id.',
    matters: 'Withdrawing another one than was meant signs people out for nothing.',
    sources: [],
    mend: 'Copy the id from `jotwarden keys list`.',
  },
  'keyring/transition': {
    means: 'A key in this state does not become what was asked for.',
    matters: 'A retired key that came back would make valid what was over.',
    sources: ['NIST SP 800-57 Part 1'],
    mend: 'Look at the state with `jotwarden keys list`. What is retired or compromised stays so; replace the active key instead.',
  },
  'keyring/record': {
    means:
      'The record of a key does not fit the key: a swapped public part, another id, an impossible state.',
    matters: 'Whoever can write to the database would otherwise put their own key in place of ours.',
    sources: ['RFC 7638 §3'],
    mend: 'Find out who wrote to the store. Restore it from a copy, and treat the key as compromised.',
  },
  'keyring/unreadable': {
    means: 'The private part of a key cannot be opened.',
    matters: 'If it is the active one, nothing can be signed.',
    sources: [],
    mend: 'Put back the key-encryption key that belongs to this store. If it is lost for good: `jotwarden keys replace-lost`.',
  },
  'keyring/algorithm': {
    means: 'The key store made a key for an algorithm that is not allowed for this purpose.',
    matters: 'The algorithm of a purpose is decided by the configuration, not by a driver.',
    sources: ['RFC 8725 §3.1'],
    mend: 'Correct the key store, or the algorithm that is configured for signing.',
  },
}
