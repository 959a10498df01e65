import {
  type Authority,
  createAuthority,
  createLocalAccounts,
  defineSettings,
  type LocalAccounts,
  type Settings,
} from '@jotwarden/authority'
import { createArgon2Hasher } from '@jotwarden/hasher-argon2'
import { createKeyring, type KeySchedule } from '@jotwarden/keyring'
import { createFileKeyStore } from '@jotwarden/keystore-file'
import type { SqliteStores } from '@jotwarden/store-sqlite'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { openKek } from '../config/kek.ts'
import { isCommonPassword } from './common-passwords.ts'
import { openEpochFile } from './epoch-file.ts'
import { keyPlanOf, keyScheduleOf } from './key-schedule.ts'
import { openStores } from './open-stores.ts'
import { type SetBackWatch, watchForSetBack } from './set-back.ts'
import { createStandingPlans } from './standing-plans.ts'
import { systemClock, systemRandom } from './system.ts'

/** An authority on its store, with what must be closed after it. */
export interface OpenedAuthority extends OpenedAccounts {
  readonly authority: Authority
  readonly schedule: KeySchedule
  /** Makes and replaces keys by another configuration from now on. */
  planKeysBy(configuration: Configuration): void
}

/** The people of an authority on their store. */
export interface OpenedAccounts {
  readonly accounts: LocalAccounts
  readonly stores: SqliteStores
  readonly setBack: SetBackWatch
  /** Whether the store was found set back when it was opened. */
  readonly wasSetBack: boolean
  close(): Promise<void>
}

/** Opens store, keys and accounts, and makes the authority; on a first start makes the keys. */
export async function openAuthority(
  configuration: Configuration,
  environment: Environment,
): Promise<OpenedAuthority> {
  const settings = settingsOf(configuration)
  const kek = openKek(configuration, environment)
  const opened = await openAccounts(configuration)
  try {
    const plans = createStandingPlans(keyPlanOf(configuration), systemClock)
    const schedule = keyScheduleOf(settings.issuer, plans, opened.stores)
    let signingAlg = configuration.keys.signing_alg
    const keyring = createKeyring({
      issuer: settings.issuer,
      records: opened.stores.keys,
      store: createFileKeyStore({ kek }),
      clock: systemClock,
      get signingAlg() {
        return signingAlg
      },
      schedule,
    })
    const { accounts, stores } = opened
    const authority = await createAuthority({
      settings,
      stores,
      keyring,
      accounts,
      clock: systemClock,
      random: systemRandom,
    })
    return {
      ...opened,
      authority,
      schedule,
      planKeysBy(next) {
        plans.follow(keyPlanOf(next))
        signingAlg = next.keys.signing_alg
      },
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Opens the store and its accounts alone, which needs no key. */
export async function openAccounts(configuration: Configuration): Promise<OpenedAccounts> {
  const stores = await openStores(configuration.store.path)
  try {
    return await accountsOn(stores, configuration)
  } catch (error) {
    await stores.close()
    throw error
  }
}

async function accountsOn(stores: SqliteStores, configuration: Configuration): Promise<OpenedAccounts> {
  const hasher = createArgon2Hasher()
  const epochFile = openEpochFile(configuration.keys.epoch_file)
  const setBack = watchForSetBack(configuration.issuer, stores.revocation, epochFile, () => systemClock.now())
  // Before anything is done: an act that is done must not look failed since this cannot be written
  const wasSetBack = (await setBack.check()) === 'set-back'
  await setBack.note()
  const accounts = createLocalAccounts({
    issuer: configuration.issuer,
    records: stores.accounts,
    hasher,
    clock: systemClock,
    random: systemRandom,
    isCommonPassword,
  })
  return {
    accounts,
    stores,
    setBack,
    wasSetBack,
    close: async () => {
      await hasher.close()
      await setBack.note().catch(() => undefined)
      await stores.close()
    },
  }
}

/** The configuration as the authority takes it. Throws `authority/settings`. */
export function settingsOf({ issuer, tokens, sessions, resources }: Configuration): Settings {
  return defineSettings({
    issuer,
    accessTokenLifetime: tokens.access_token_lifetime,
    idTokenLifetime: tokens.id_token_lifetime,
    codeLifetime: tokens.code_lifetime,
    interactionLifetime: sessions.interaction_lifetime,
    loginLifetime: sessions.login_lifetime,
    sessionIdleLifetime: sessions.idle_lifetime,
    sessionLifetime: sessions.lifetime,
    graceWindow: sessions.grace_window,
    shadowLimit: sessions.shadow_limit,
    endShadowed: sessions.end_shadowed,
    revocationQuota: sessions.revocation_quota,
    resources,
  })
}
