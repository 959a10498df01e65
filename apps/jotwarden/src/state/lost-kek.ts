import { existsSync } from 'node:fs'
import { isBare, type KeyRecord, type ReplacedKeys, replaceLostKeys } from '@jotwarden/keyring'
import { type FileKeyStore, KeyStoreError, openKekFile } from '@jotwarden/keystore-file'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { openKeyStore } from '../config/kek.ts'
import { loadConfiguration } from '../config/load.ts'
import { placeOf } from '../config/use.ts'
import type { Terminal } from '../output/terminal.ts'
import { kekIdOf } from './kek-id.ts'
import { keyPlanOf, keyScheduleOf } from './key-schedule.ts'
import { openAccounts } from './open-authority.ts'
import { createStandingPlans } from './standing-plans.ts'
import { systemClock } from './system.ts'

/** The key file that the configuration names and that is missing, when nothing else is wrong with it. */
export function missingKekFile(terminal: Terminal, config: string | undefined): string | undefined {
  const { findings, values } = loadConfiguration(placeOf(terminal, config))
  const path = values.find(({ key }) => key === 'keys.kek_file')?.value
  const isAlone = findings.length === 1 && findings[0]?.key === 'keys.kek_file'
  return isAlone && typeof path === 'string' && !existsSync(path) ? path : undefined
}

/** Makes a new key in the place of the missing file, unless somebody was first. */
export function makeKekFileAnew(path: string): void {
  openKekFile(path, { create: true, requireMode: true })
}

/** What of the store the key-encryption key at hand does not open. */
export interface LostKeys {
  readonly lost: readonly KeyRecord[]
  /** Ids of the keys that would open them. */
  readonly keks: readonly string[]
}

/** Looks at what is lost; changes nothing. */
export async function findLostKeys(
  configuration: Configuration,
  environment: Environment,
): Promise<LostKeys> {
  const store = openKeyStore(configuration, environment)
  const { stores, close } = await openAccounts(configuration)
  try {
    const lost: KeyRecord[] = []
    for (const record of await stores.keys.list(configuration.issuer))
      if (isBare(record) || (record.wrapped !== null && (await isLost(store, record)))) lost.push(record)
    return { lost, keks: [...new Set(lost.map((one) => kekIdOf(one) ?? 'unknown'))] }
  } finally {
    await close()
  }
}

/** Ends what is lost and makes new keys. */
export async function replaceLost(
  configuration: Configuration,
  environment: Environment,
  isStolen: boolean,
): Promise<ReplacedKeys> {
  const store = openKeyStore(configuration, environment)
  const { stores, close } = await openAccounts(configuration)
  const plans = createStandingPlans(keyPlanOf(configuration), systemClock)
  try {
    return await replaceLostKeys(stores.keys, {
      issuer: configuration.issuer,
      store,
      signingAlg: configuration.keys.signing_alg,
      now: Math.floor(systemClock.now()),
      schedule: keyScheduleOf(configuration.issuer, plans, stores),
      isLost: (record) => isLost(store, record),
      isStolen,
    })
  } finally {
    await close()
  }
}

/** Only what no key at hand opens, or is damaged, is lost; when the system refuses, nobody can tell. */
async function isLost(store: FileKeyStore, record: KeyRecord): Promise<boolean> {
  try {
    await (record.publicJwk === null ? store.secret(record) : store.signer(record))
    return false
  } catch (error) {
    if (error instanceof KeyStoreError && UNOPENABLE.has(error.code)) return true
    throw error
  }
}

const UNOPENABLE: ReadonlySet<string> = new Set([
  'keystore/wrong-kek',
  'keystore/unwrap',
  'keystore/mismatch',
])
