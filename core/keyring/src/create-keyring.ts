import type { Clock, KeySource, MacKey, PublicJwk, SealKey, Signer } from '@jotwarden/token'
import { compromiseKey } from './compromise.ts'
import { asOf, expiredFrom } from './cryptoperiod.ts'
import { KeyringError } from './errors.ts'
import { makeFirstKeys, purposesWithoutKeys, type SpareRequest } from './first-keys.ts'
import type { KeyPlan } from './key-plan.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import type { KeyStore } from './key-store.ts'
import { KeyUses, type ReserveUses } from './key-uses.ts'
import type { Keyring } from './keyring.ts'
import { fingerprintOf, type OpenedKeys, openKeys, withdrawKeys } from './opened-keys.ts'
import type { KeyPurpose } from './purposes.ts'
import { type Rotated, rotateKey } from './rotate-key.ts'
import type { KeyStep } from './schedule.ts'
import { mayProtect } from './states.ts'
import { type Superseded, supersedeKeys } from './supersede.ts'
import { type KeySchedule, tendKeys } from './tend-keys.ts'

/** What a keyring works on. */
export interface KeyringOptions {
  readonly issuer: string
  readonly records: KeyRecords
  readonly store: KeyStore
  readonly clock: Clock
  /** Algorithm of new signing keys, read whenever one is made; ES256 by default. Keys that exist keep theirs. */
  readonly signingAlg?: 'ES256' | 'Ed25519' | 'RS256'
  /**
   * By what keys are replaced, with the lease under which this node works with what it has read. Without it keys change
   * state by hand alone, and what was read is good for as long as nobody reads again.
   */
  readonly schedule?: KeySchedule
}

/** Makes the keyring of one issuer. It holds nothing until `open()`. */
export function createKeyring(options: KeyringOptions): Keyring {
  return new RecordKeyring(options)
}

class RecordKeyring implements Keyring {
  readonly #options: KeyringOptions
  readonly #uses: KeyUses
  #keys: OpenedKeys | undefined
  #generation = 0
  /** When the reading in force began; before the lease is out nothing that it says can have been undone for good. */
  #readAt = Number.NEGATIVE_INFINITY
  /** From when on the active key of each purpose may protect nothing more. */
  #expiries: ReadonlyMap<KeyPurpose, number> = new Map()
  #renewing: Promise<void> | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(options: KeyringOptions) {
    this.#options = options
    const { issuer, records, schedule } = options
    const reserve: ReserveUses = (kid, count, most) => records.reserve(issuer, kid, count, most)
    this.#uses = new KeyUses(reserve, () => schedule?.plan)
  }

  get generation(): number {
    return this.#generation
  }

  get problems(): readonly KeyringError[] {
    return this.#opened().problems
  }

  open(): Promise<void> {
    return this.#inTurn(() => this.#recordsOrFirst())
  }

  refresh(): Promise<void> {
    return this.#inTurn(() => this.#list())
  }

  async renew(): Promise<void> {
    if (this.#hasLease()) return
    this.#renewing ??= this.refresh().finally(() => {
      this.#renewing = undefined
    })
    await this.#renewing
  }

  async tend(): Promise<readonly KeyStep[]> {
    const taken = await tendKeys(this.#schedule(), this.#options.records, this.#request())
    if (taken.length > 0) await this.refresh()
    return taken
  }

  async rotate(purpose: KeyPurpose): Promise<Rotated> {
    const rotated = await rotateKey(purpose, this.#schedule(), this.#options.records, this.#request())
    await this.refresh()
    return rotated
  }

  async supersede(kids: readonly string[]): Promise<readonly Superseded[]> {
    const { records } = this.#options
    const superseded = await supersedeKeys(new Set(kids), this.#schedule(), records, this.#request())
    await this.refresh()
    return superseded
  }

  async compromise(kid: string): Promise<'compromised' | 'already'> {
    const outcome = await compromiseKey(kid, this.#options.records, this.#request())
    await this.refresh()
    return outcome
  }

  list(): Promise<readonly KeyRecord[]> {
    return this.#list()
  }

  signer(): Signer {
    return this.#active('token-signing', (keys) => keys.signer, 'sign')
  }

  jwks(): { readonly keys: readonly PublicJwk[] } {
    return this.#opened().jwks
  }

  keySource(): KeySource {
    return { select: (header) => this.#opened().keySource.select(header) }
  }

  macKey(): MacKey {
    return this.#active('refresh-mac', (keys) => keys.macKey, 'make a refresh token')
  }

  macKeyFor(kid: string): MacKey | undefined {
    const key = this.#opened().byKid.get(kid)
    return key?.purpose === 'refresh-mac' ? key.macKey : undefined
  }

  sealKey(): SealKey {
    return this.#active('sealing', (keys) => keys.sealKey, 'seal')
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

  /** The key for what protects: with one that may be over, something would be made that nobody takes. */
  #active<Key extends { readonly kid: string }>(
    purpose: KeyPurpose,
    keyIn: (keys: OpenedKeys) => Key | undefined,
    act: string,
  ): Key {
    const keys = this.#opened()
    if (!this.#hasLease())
      throw new KeyringError('keyring/lease', 'Cannot use the active key: the keys were read too long ago')
    const expiry = this.#expiries.get(purpose)
    if (expiry !== undefined && this.#options.clock.now() >= expiry)
      throw new KeyringError('keyring/expired', `Cannot ${act}: the cryptoperiod of the active key is over`)
    const key = keyIn(keys)
    if (key !== undefined) {
      if (this.#uses.take(key.kid, purpose)) return key
      throw new KeyringError('keyring/volume', `Cannot ${act}: no uses of the active key are left to take`)
    }
    throw new KeyringError('keyring/no-active-key', `Cannot ${act}: there is no active key`)
  }

  #schedule(): KeySchedule {
    if (this.#options.schedule !== undefined) return this.#options.schedule
    throw new KeyringError('keyring/no-schedule', 'Cannot replace keys: the keyring has no schedule')
  }

  #request(): SpareRequest {
    const { issuer, store, clock, signingAlg = 'ES256' } = this.#options
    return { issuer, store, signingAlg, clock, now: Math.floor(clock.now()) }
  }

  /** Not when the clock was set back either: the age of the reading is then unknown. */
  #hasLease(): boolean {
    const { schedule, clock } = this.#options
    if (schedule === undefined) return true
    const now = clock.now()
    return now >= this.#readAt && now < this.#readAt + schedule.plan.lease
  }

  /** One load after another, so that an older list never replaces a newer one. */
  #inTurn(read: () => Promise<readonly KeyRecord[]>): Promise<void> {
    const turn = this.#last.then(async () => {
      const begun = this.#options.clock.now()
      const plan = this.#options.schedule?.plan
      const records = await read()
      await this.#adopt(asOf(records, begun, plan))
      this.#expiries = expiriesOf(records, plan)
      await this.#uses.prepare(records)
      this.#uses.forgetOthers(records)
      this.#readAt = begun
    })
    this.#last = turn.catch(() => {})
    return turn
  }

  async #adopt(records: readonly KeyRecord[]): Promise<void> {
    const present = this.#keys
    if (present?.fingerprint === fingerprintOf(records) && present.problems.length === 0) return
    const { issuer, store } = this.#options
    // First what takes a key away: whatever is wrong with another key must not keep a stolen one in use.
    if (present !== undefined) this.#use(withdrawKeys(present, records, issuer))
    const opened = await openKeys(records, issuer, store, present?.byKid ?? new Map())
    // A key that became active has uses before anybody is sent to it
    await this.#uses.prepare(records)
    this.#use(opened)
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
      const first = await makeFirstKeys(missing, this.#request())
      // On conflict another node was first: its keys are read in the next round, ours are forgotten.
      await this.#options.records.add(this.#options.issuer, first.records, first.events, records)
    }
    throw new KeyringError('keyring/conflict', 'Cannot make the first keys: the store keeps refusing them')
  }
}

function expiriesOf(
  records: readonly KeyRecord[],
  plan: KeyPlan | undefined,
): ReadonlyMap<KeyPurpose, number> {
  const active = records.filter(({ state }) => mayProtect(state))
  return new Map(active.map((record) => [record.purpose, expiredFrom(record, plan)]))
}

const attempts = 3
