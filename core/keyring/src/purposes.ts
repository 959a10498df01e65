/** What a key is for; one key has one purpose (NIST SP 800-57 Part 1 §5.2). */
export type KeyPurpose = 'token-signing' | 'refresh-mac' | 'sealing'

/** One row of the table of purposes. */
export interface KeyPurposeEntry {
  readonly purpose: KeyPurpose
  readonly family: 'asymmetric' | 'symmetric'
  /** What kind of key it is (NIST SP 800-57 Part 1 §5.1.1). */
  readonly keyType: KeyType
  /** The algorithms a key of this purpose may have; the first is the default. */
  readonly algs: readonly [string, ...string[]]
  /**
   * How often one key may be used at all; `null` without such a limit. AES-GCM with random nonces: 2^32 times
   * (NIST SP 800-38D §8.3).
   */
  readonly mostUses: number | null
  /** Whether public parts stand in the JWKS. */
  readonly published: boolean
  /** Length of the secret in bytes; `null` for asymmetric keys. */
  readonly secretBytes: number | null
  /**
   * Whether the first start makes a pending spare beside the active key: a node that has not yet read the
   * records again then already knows the key that another node made active.
   */
  readonly spare: boolean
}

/** The kinds of keys that there are here, by the names of NIST SP 800-57 Part 1 §5.1.1. */
export type KeyType =
  | 'private signature key'
  | 'symmetric authentication key'
  | 'symmetric data-encryption key'

/** Whether the value names a key purpose. */
export function isKeyPurpose(value: unknown): value is KeyPurpose {
  return typeof value === 'string' && Object.hasOwn(keyPurposes, value)
}

/** The one table of purposes. */
export const keyPurposes: Readonly<Record<KeyPurpose, KeyPurposeEntry>> = Object.freeze({
  'token-signing': {
    purpose: 'token-signing',
    family: 'asymmetric',
    keyType: 'private signature key',
    algs: ['ES256', 'Ed25519', 'RS256'],
    mostUses: null,
    published: true,
    secretBytes: null,
    spare: true,
  },
  // RFC 7518 §3.2 asks for 32 bytes at least; a whole SHA-256 block costs nothing more.
  'refresh-mac': {
    purpose: 'refresh-mac',
    family: 'symmetric',
    keyType: 'symmetric authentication key',
    algs: ['HS256'],
    mostUses: null,
    published: false,
    secretBytes: 64,
    spare: true,
  },
  sealing: {
    purpose: 'sealing',
    family: 'symmetric',
    keyType: 'symmetric data-encryption key',
    algs: ['A256GCM'],
    mostUses: 2 ** 32,
    published: false,
    secretBytes: 32,
    spare: true,
  },
})
