import { statSync } from 'node:fs'
import { type KeyRecord, plannedSteps } from '@jotwarden/keyring'
import type { Server } from '@jotwarden/server'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'
import type { Registry } from './registry.ts'

/** What is asked when metrics are read. */
export interface StateSources {
  readonly opened: OpenedAuthority
  readonly server: Server
  readonly storePath: string
}

/** Reads what is known at the moment. A store that does not answer is itself a number. */
export async function readState(registry: Registry, sources: StateSources): Promise<void> {
  const { opened, server } = sources
  const { readers, head } = server.feed()
  registry.set('jotwarden_feed_readers', [], readers)
  registry.set('jotwarden_feed_head', [], head)
  registry.set('jotwarden_hasher_queue_length', [], opened.hasher.underWay)
  registry.set('jotwarden_key_problems', [], opened.authority.keyring.problems.length)
  registry.set('jotwarden_access_token_lifetime_seconds', [], opened.authority.settings.accessTokenLifetime)
  for (const [file, suffix] of storeFiles)
    registry.set('jotwarden_store_size_bytes', [file], sizeOf(`${sources.storePath}${suffix}`))
  registry.set('jotwarden_store_readable', [], await readStore(registry, opened).then(one, zero))
}

async function readStore(
  registry: Registry,
  { authority, stores, schedule }: OpenedAuthority,
): Promise<void> {
  const { issuer } = authority.settings
  const { number } = await stores.revocation.head(issuer)
  const records = await stores.keys.list(issuer)
  registry.set('jotwarden_revocation_log_head', [], number)
  const names = [
    'jotwarden_keys',
    'jotwarden_key_activated_timestamp_seconds',
    'jotwarden_key_next_step_timestamp_seconds',
  ] as const
  for (const name of names) registry.clear(name)
  countKeys(registry, records)
  // Earliest first, so that the first of a purpose is its next
  for (const { purpose, at } of plannedSteps({
    records,
    now: systemClock.now(),
    plan: schedule.plan,
  }).toReversed())
    registry.set('jotwarden_key_next_step_timestamp_seconds', [purpose], at)
}

function countKeys(registry: Registry, records: readonly KeyRecord[]): void {
  for (const { purpose, state, activatedAt } of records) {
    if (state === 'retired') continue
    registry.add('jotwarden_keys', [purpose, state])
    if (state === 'active' && activatedAt !== null)
      registry.set('jotwarden_key_activated_timestamp_seconds', [purpose], activatedAt)
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

const one = (): number => 1
const zero = (): number => 0
const storeFiles = [
  ['database', ''],
  ['wal', '-wal'],
] as const
