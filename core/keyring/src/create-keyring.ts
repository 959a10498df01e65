import type { Clock, KeySource, MacKey, PublicJwk, SealKey, Signer } from '@jotwarden/token'
import { compromiseKey } from './compromise.ts'
import { KeyringError } from './errors.ts'
import { makeFirstKeys, purposesWithoutKeys } from './first-keys.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import type { KeyStore } from './key-store.ts'
import type { Keyring } from './keyring.ts'
import { fingerprintOf, type OpenedKeys, openKeys, withdrawKeys } from './opened-keys.ts'

/** What a keyring works on. */
export interface KeyringOptions {
  readonly issuer: string
  readonly records: KeyRecords
  readonly store: KeyStore
  readonly clock: Clock
  /** Algorithm of new signing keys; ES256 by default. Keys that exist keep theirs. */
  readonly signingAlg?: 'ES256' | 'Ed25519' | 'RS256'
}

/** Makes the keyring of one issuer. It holds nothing until `open()`. */
export function createKeyring(options: KeyringOptions): Keyring {
  return new RecordKeyring(options)
}

class RecordKeyring implements Keyring {
  readonly #options: KeyringOptions
  #keys: OpenedKeys | undefined
  #generation = 0
  #last: Promise<void> = Promise.resolve()

  constructor(options: KeyringOptions) {
    this.#options = options
  }

  get generation(): number {
    return this.#generation
  }

  get problems(): readonly KeyringError[] {
    return this.#opened().problems
  }

  open(): Promise<void> {
    return this.#inTurn(async () => this.#adopt(await this.#recordsOrFirst()))
  }

  refresh(): Promise<void> {
    return this.#inTurn(async () => this.#adopt(await this.#list()))
  }

  async compromise(kid: string): Promise<'compromised' | 'already'> {
    const { issuer, records, store, clock, signingAlg = 'ES256' } = this.#options
    const now = Math.floor(clock.now())
    const outcome = await compromiseKey(kid, records, { issuer, store, signingAlg, now })
    await this.refresh()
    return outcome
  }

  list(): Promise<readonly KeyRecord[]> {
    return this.#list()
  }

  signer(): Signer {
    return required(this.#opened().signer, 'sign')
  }

  jwks(): { readonly keys: readonly PublicJwk[] } {
    return this.#opened().jwks
  }

  keySource(): KeySource {
    return { select: (header) => this.#opened().keySource.select(header) }
  }

  macKey(): MacKey {
    return required(this.#opened().macKey, 'make a refresh token')
  }

  macKeyFor(kid: string): MacKey | undefined {
    const key = this.#opened().byKid.get(kid)
    return key?.purpose === 'refresh-mac' ? key.macKey : undefined
  }

  sealKey(): SealKey {
    return required(this.#opened().sealKey, 'seal')
  }

  sealKeyFor(kid: string): SealKey | undefined {
    const key = this.#opened().byKid.get(kid)
    return key?.purpose === 'sealing' ? key.sealKey : undefined
  }

  #opened(): OpenedKeys {
    if (this.#keys === undefined)
      throw new KeyringError('keyring/not-open', 'Cannot use the keyring: it is not open')
    return this.#keys
  }

  /** One load after another, so that an older list never replaces a newer one. */
  #inTurn(load: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(load)
    this.#last = turn.catch(() => {})
    return turn
  }

  async #adopt(records: readonly KeyRecord[]): Promise<void> {
    const present = this.#keys
    if (present?.fingerprint === fingerprintOf(records) && present.problems.length === 0) return
    const { issuer, store } = this.#options
    // First what takes a key away: whatever is wrong with another key must not keep a stolen one in use.
    if (present !== undefined) this.#use(withdrawKeys(present, records, issuer))
    this.#use(await openKeys(records, issuer, store, present?.byKid ?? new Map()))
  }

  #use(keys: OpenedKeys): void {
    if (keys === this.#keys) return
    this.#keys = keys
    this.#generation += 1
  }

  #list(): Promise<readonly KeyRecord[]> {
    return this.#options.records.list(this.#options.issuer)
  }

  async #recordsOrFirst(): Promise<readonly KeyRecord[]> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const records = await this.#list()
      const missing = purposesWithoutKeys(records)
      if (missing.length === 0) return records
      const { issuer, store, clock, signingAlg = 'ES256' } = this.#options
      const now = Math.floor(clock.now())
      const first = await makeFirstKeys(missing, { issuer, store, signingAlg, now })
      // On conflict another node was first: its keys are read in the next round, ours are forgotten.
      await this.#options.records.add(issuer, first.records, first.events)
    }
    throw new KeyringError('keyring/conflict', 'Cannot make the first keys: the store keeps refusing them')
  }
}

function required<Key>(key: Key | undefined, act: string): Key {
  if (key !== undefined) return key
  throw new KeyringError('keyring/no-active-key', `Cannot ${act}: there is no active key`)
}

const attempts = 3
