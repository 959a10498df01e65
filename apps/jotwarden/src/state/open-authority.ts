import {
  type AccountImport,
  type Authority,
  createAccountImport,
  createAuthority,
  createLocalAccounts,
  createMemoryRateLimiter,
  defineSettings,
  type LocalAccounts,
  observeStores,
  type RateLimiter,
  type Settings,
  type StoreObserver,
} from '@jotwarden/authority'
import { type BusyHasher, createArgon2Hasher } from '@jotwarden/hasher-argon2'
import { createImportedHasher } from '@jotwarden/hasher-imported'
import { createKeyring, type KeySchedule } from '@jotwarden/keyring'
import { KeyStoreError } from '@jotwarden/keystore-file'
import type { CommitObserver, SqliteStores } from '@jotwarden/store-sqlite'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { openKeyStore } from '../config/kek.ts'
import { Refusal } from '../refusal.ts'
import { isCommonPassword } from './common-passwords.ts'
import { compactStore } from './compact-store.ts'
import { openEpochFile } from './epoch-file.ts'
import { openErasureList } from './erasure-list.ts'
import { keyPlanOf, keyScheduleOf } from './key-schedule.ts'
import { openStores } from './open-stores.ts'
import { repeatErasures } from './repeat-erasures.ts'
import { type SetBackWatch, watchForSetBack } from './set-back.ts'
import { createStandingPlans } from './standing-plans.ts'
import { systemClock, systemRandom } from './system.ts'

/** An authority on its store, with what must be closed after it. */
export interface OpenedAuthority extends OpenedAccounts {
  readonly authority: Authority
  readonly schedule: KeySchedule
  /** Seconds for which events are kept; null for good. */
  eventRetention(): number | null
  /** Makes and replaces keys, and prunes, by another configuration from now on. */
  follow(configuration: Configuration): void
}

/** Who is told of what happens, where somebody counts. */
export interface AuthorityObservers {
  readonly stores: StoreObserver
  readonly commits: CommitObserver
  /** Takes the place of the limiter. */
  limiter(limiter: RateLimiter): RateLimiter
}

/** The people of an authority on their store. */
export interface OpenedAccounts {
  readonly accounts: LocalAccounts
  readonly accountImport: AccountImport
  readonly stores: SqliteStores
  readonly hasher: BusyHasher
  readonly setBack: SetBackWatch
  /** Whether the store was found set back when it was opened. */
  readonly wasSetBack: boolean
  close(): Promise<void>
}

/** Opens store, keys and accounts, and makes the authority; on a first start makes the keys. */
export async function openAuthority(
  configuration: Configuration,
  environment: Environment,
  observers?: AuthorityObservers,
): Promise<OpenedAuthority> {
  const settings = settingsOf(configuration)
  const store = openKeyStore(configuration, environment)
  const opened = await openAccounts(configuration, observers)
  try {
    const plans = createStandingPlans(keyPlanOf(configuration), systemClock)
    const schedule = keyScheduleOf(settings.issuer, plans, opened.stores)
    let followed = configuration
    const keyring = createKeyring({
      issuer: settings.issuer,
      records: opened.stores.keys,
      store,
      clock: systemClock,
      get signingAlg() {
        return followed.keys.signing_alg
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
      ...(observers === undefined ? {} : { limiter: observers.limiter(createMemoryRateLimiter()) }),
    })
    return {
      ...opened,
      authority,
      schedule,
      eventRetention: () => followed.events.retention,
      follow(next) {
        plans.follow(keyPlanOf(next))
        followed = next
      },
    }
  } catch (error) {
    await opened.close()
    throw lostKey(error) ?? error
  }
}

function lostKey(error: unknown): Refusal | undefined {
  const remedy = error instanceof KeyStoreError ? LOST_KEY_REMEDIES.get(error.code) : undefined
  if (!(error instanceof KeyStoreError) || remedy === undefined) return undefined
  return new Refusal('refused', error.message, { cause: error, remedy })
}

const LOST_KEK_REMEDY =
  'Put it back from its backup, in a further line of keys.kek_file or in keys.previous_kek_env; when it is lost for good: `jotwarden keys replace-lost`'

const DAMAGED_KEY_REMEDY =
  'Put back a copy of the store in which the key is whole; without one: `jotwarden keys replace-lost`'
const LOST_KEY_REMEDIES: ReadonlyMap<string, string> = new Map([
  ['keystore/wrong-kek', LOST_KEK_REMEDY],
  ['keystore/unwrap', DAMAGED_KEY_REMEDY],
  ['keystore/mismatch', DAMAGED_KEY_REMEDY],
  ['keystore/destroyed', DAMAGED_KEY_REMEDY],
])

/** Opens the store and its accounts alone, which needs no key. */
export async function openAccounts(
  configuration: Configuration,
  observers?: AuthorityObservers,
): Promise<OpenedAccounts> {
  const file = await openStores(configuration.store.path, observers?.commits)
  const stores = observers === undefined ? file : observeStores(file, observers.stores)
  try {
    return await accountsOn(stores, configuration)
  } catch (error) {
    await stores.close()
    throw error
  }
}

async function accountsOn(stores: SqliteStores, configuration: Configuration): Promise<OpenedAccounts> {
  const { issuer } = configuration
  const own = createArgon2Hasher()
  const hasher = createImportedHasher({
    own,
    costliest: () => stores.accounts.costliestImported(issuer),
  })
  const epochFile = openEpochFile(configuration.keys.epoch_file)
  const setBack = watchForSetBack(issuer, stores.revocation, epochFile, () => systemClock.now())
  // Before anything is done: an act that is done must not look failed since this cannot be written
  const wasSetBack = (await setBack.check(() => eraseAgain(stores, configuration))) === 'set-back'
  await setBack.note()
  const parts = { issuer, records: stores.accounts, hasher, clock: systemClock, random: systemRandom }
  return {
    accounts: createLocalAccounts({ ...parts, isCommonPassword }),
    accountImport: createAccountImport({ ...parts, clients: stores.clients }),
    stores,
    hasher: own,
    setBack,
    wasSetBack,
    close: async () => {
      await hasher.close()
      await setBack.note().catch(() => undefined)
      await stores.close()
    },
  }
}

/** An earlier copy has people in it who were erased since. */
async function eraseAgain(stores: SqliteStores, { issuer, store, keys }: Configuration): Promise<void> {
  const list = openErasureList(keys.epoch_file)
  if ((await repeatErasures(issuer, stores, list, systemClock.now())) > 0) compactStore(store.path)
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
