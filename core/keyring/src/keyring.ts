import type { KeySource, MacKey, PublicJwk, SealKey, Signer } from '@jotwarden/token'
import type { KeyringError } from './errors.ts'
import type { KeyRecord } from './key-record.ts'

/** The keys of one issuer, opened and ready. */
export interface Keyring {
  /** Moves whenever the set of keys or a state changes. */
  readonly generation: number

  /**
   * One for each key that is left out because it cannot be opened: `keyring/unreadable` with the store's error
   * as its cause, or `keyring/record`. They are tried again at every `refresh()`. Throws `keyring/not-open`.
   */
  readonly problems: readonly KeyringError[]

  /**
   * Loads the keys. On a first start makes, in one atomic act, an active signing key, an active refresh-MAC
   * key and an active sealing key, each with a pending spare; of racing first starts one makes them.
   * Throws `keyring/record`, or what the store throws when it cannot open an active key.
   */
  open(): Promise<void>

  /**
   * Reads the records again; keeps opened keys. When it throws, which it does for the reasons of `open()`,
   * the present set stays, but for keys that the records say are suspended, compromised or retired.
   */
  refresh(): Promise<void>

  /**
   * Withdraws a key that may be stolen: in one act its spare takes its place and, for a signing key, every token by it is
   * refused from then on. A new spare is made after it. Throws `keyring/unknown-key`, `keyring/transition`.
   */
  compromise(kid: string): Promise<'compromised' | 'already'>

  /** What is known of every key. */
  list(): Promise<readonly KeyRecord[]>

  /** The active signer. Throws `keyring/not-open` or `keyring/no-active-key`. */
  signer(): Signer

  /** The published key set (RFC 7517 §5), active key first; only public members. */
  jwks(): { readonly keys: readonly PublicJwk[] }

  /** The keys that may verify; stays current across `refresh()`. */
  keySource(): KeySource

  /** The active refresh-MAC key. Throws `keyring/not-open` or `keyring/no-active-key`. */
  macKey(): MacKey

  /** The refresh-MAC key with this id, if it may still process. */
  macKeyFor(kid: string): MacKey | undefined

  /** The active sealing key. Throws `keyring/not-open` or `keyring/no-active-key`. */
  sealKey(): SealKey

  /** The sealing key with this id, if it may still process. */
  sealKeyFor(kid: string): SealKey | undefined
}
