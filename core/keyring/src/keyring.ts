import type { KeySource, MacKey, PublicJwk, SealKey, Signer } from '@jotwarden/token'
import type { KeyringError } from './errors.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyPurpose } from './purposes.ts'
import type { Rotated } from './rotate-key.ts'
import type { KeyStep } from './schedule.ts'
import type { Superseded } from './supersede.ts'

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
   * Reads the records again when the lease of the last reading has run out; else does nothing. Who answers a request does
   * this first: what a node that was held up for long remembers may be over. Throws like `refresh()`.
   */
  renew(): Promise<void>

  /**
   * Takes the steps of the schedule that are due, and says which: nothing when nothing is, or when another node was first.
   * Throws `keyring/no-schedule`.
   */
  tend(): Promise<readonly KeyStep[]>

  /**
   * Replaces the active key of a purpose ahead of its date, but never before its successor is known everywhere: then says
   * from when on that is so. Throws `keyring/no-schedule`, `keyring/no-active-key`.
   */
  rotate(purpose: KeyPurpose): Promise<Rotated>

  /**
   * Takes keys that somebody may have copied out of use, and refuses nothing that they protected: spares among them are
   * dropped for new ones, and active ones are replaced like `rotate()` does. Answers the purposes whose active key is among
   * them; while one is `too-early`, it has to be asked again. Throws like `rotate()`.
   */
  supersede(kids: readonly string[]): Promise<readonly Superseded[]>

  /**
   * Withdraws a key that may be stolen: in one act its spare takes its place and, for a signing key, every token by it is
   * refused from then on. A new spare is made after it. Throws `keyring/unknown-key`, `keyring/transition`.
   */
  compromise(kid: string): Promise<'compromised' | 'already'>

  /** What is known of every key. */
  list(): Promise<readonly KeyRecord[]>

  /**
   * The active signer. Throws `keyring/not-open`, `keyring/no-active-key`, `keyring/lease` when `renew()` is due,
   * `keyring/expired` when the key should have been replaced and its cryptoperiod is over, `keyring/volume` when it may not
   * be used any more or the store could not give uses in time. Each call counts as one use, where uses are counted.
   */
  signer(): Signer

  /** The published key set (RFC 7517 §5), active key first; only public members. */
  jwks(): { readonly keys: readonly PublicJwk[] }

  /** The keys that may verify; stays current across `refresh()`. */
  keySource(): KeySource

  /** The active refresh-MAC key. Throws like `signer()`. */
  macKey(): MacKey

  /** The refresh-MAC key with this id, if it may still process. */
  macKeyFor(kid: string): MacKey | undefined

  /** The active sealing key. Throws like `signer()`. */
  sealKey(): SealKey

  /** The sealing key with this id, if it may still process. */
  sealKeyFor(kid: string): SealKey | undefined
}
