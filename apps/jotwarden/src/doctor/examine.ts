import { existsSync } from 'node:fs'
import { type KeyRecord, mayProcess } from '@jotwarden/keyring'
import { KeyStoreError } from '@jotwarden/keystore-file'
import { findDamage } from '@jotwarden/store-sqlite'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { checkKek, openKeks, openKeyStore } from '../config/kek.ts'
import { Refusal } from '../refusal.ts'
import { keyPlanOf } from '../state/key-schedule.ts'
import { lookAtStore } from '../state/look-at-store.ts'
import { openStores } from '../state/open-stores.ts'
import { systemClock } from '../state/system.ts'
import { clockDiagnoses } from './clock.ts'
import { configurationDiagnoses } from './configuration-findings.ts'
import type { Diagnosis } from './diagnosis.ts'
import { epochFileDiagnoses, probeFolder } from './epoch-file.ts'
import { exposureDiagnoses } from './exposure.ts'
import { fileModeDiagnoses } from './file-modes.ts'
import { holderDiagnoses } from './holders.ts'
import { kekDiagnoses } from './kek.ts'
import { keyDiagnoses } from './keys.ts'
import { noticeDiagnoses } from './notices.ts'
import { pageDiagnoses } from './pages.ts'
import { readerDiagnoses } from './readers.ts'
import { secretDiagnoses } from './secrets.ts'
import { storeDiagnoses } from './store-state.ts'

/** Looks at everything that a configuration names, whether a server runs or not. */
export async function examine(
  configuration: Configuration,
  environment: Environment,
  configurationFile: string | null,
): Promise<readonly Diagnosis[]> {
  const kek = configurationDiagnoses(checkKek(configuration, environment))
  const diagnoses: Diagnosis[] = [
    ...kek,
    ...pageDiagnoses(configuration),
    ...noticeDiagnoses(configuration),
    ...exposureDiagnoses(configuration),
    ...fileModeDiagnoses(configuration, configurationFile),
  ]
  const probe = probeFolder(configuration.keys.epoch_file)
  const fileSystem = 'writtenAt' in probe ? probe.writtenAt : undefined
  if ('severity' in probe) diagnoses.push(probe)
  if (!existsSync(configuration.store.path)) {
    const [now, recorded] = [systemClock.now(), undefined]
    return [...diagnoses, NO_STORE, ...clockDiagnoses({ now, fileSystem, recorded })]
  }
  try {
    const isOpenable = kek.length === 0
    return [...diagnoses, ...(await examineStore(configuration, environment, { fileSystem, isOpenable }))]
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [
      ...diagnoses,
      { severity: 'error', subject: 'store', problem: error.message, remedy: error.remedy ?? '' },
    ]
  }
}

async function examineStore(
  configuration: Configuration,
  environment: Environment,
  { fileSystem, isOpenable }: { readonly fileSystem: number | undefined; readonly isOpenable: boolean },
): Promise<readonly Diagnosis[]> {
  const { issuer, store, keys } = configuration
  const now = systemClock.now()
  const { contents, diskFree } = lookAtStore(store.path, now - LEEWAY)
  const damage = findDamage(store.path, { thorough: false })
  const own = contents.issuers.find((one) => one.issuer === issuer)
  const diagnoses = [
    ...storeDiagnoses({ contents, issuer, damage, diskFree }),
    ...clockDiagnoses({ now, fileSystem, recorded: own?.newestEvent ?? undefined }),
    ...epochFileDiagnoses(keys.epoch_file, issuer, own && { number: own.head, pulse: own.pulse }),
  ]
  // Opening would take an old schema to the newest
  if (contents.isOldSchema || damage.length > 0) return diagnoses
  const stores = await openStores(store.path)
  try {
    const records = await stores.keys.list(issuer)
    const unreadable = isOpenable
      ? await unreadableKeys(records, configuration, environment)
      : new Set<string>()
    const clients = await stores.clients.list(issuer)
    return [
      ...diagnoses,
      ...keyDiagnoses({ records, unreadable, now, plan: keyPlanOf(configuration) }),
      ...(isOpenable ? kekDiagnoses(openKeks(configuration, environment), records, keys) : []),
      ...readerDiagnoses(configuration, clients),
      ...secretDiagnoses(clients, now),
      ...(isOpenable
        ? holderDiagnoses(await stores.holders.list(issuer), {
            keys: records,
            clients,
            kekId: openKeks(configuration, environment)[0].id,
            now,
          })
        : []),
    ]
  } finally {
    await stores.close()
  }
}

async function unreadableKeys(
  records: readonly KeyRecord[],
  configuration: Configuration,
  environment: Environment,
): Promise<ReadonlySet<string>> {
  const store = openKeyStore(configuration, environment)
  const unreadable = new Set<string>()
  for (const record of records.filter(({ state, wrapped }) => mayProcess(state) && wrapped !== null)) {
    try {
      await (record.publicJwk === null ? store.secret(record) : store.signer(record))
    } catch (error) {
      if (!(error instanceof KeyStoreError)) throw error
      unreadable.add(record.kid)
    }
  }
  return unreadable
}

const NO_STORE: Diagnosis = {
  severity: 'note',
  subject: 'store',
  problem: 'is not there yet',
  remedy: 'The first start makes it; or look at store.path',
}
/** Seconds that pruning may be behind. */
const LEEWAY = 600
