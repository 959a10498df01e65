import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'

/** Takes what has expired, and events past their retention, in small batches, so that requests come in between. */
export async function pruneStore(
  { authority, stores, ...opened }: OpenedAuthority,
  log: Logger,
  onPruned: (rows: number) => void,
): Promise<void> {
  let gone = 0
  for (let batch = BATCH; batch >= BATCH; gone += batch) {
    const now = systemClock.now()
    const retention = opened.eventRetention()
    const eventsBefore = retention === null ? null : now - retention
    batch = await stores.prune(authority.settings.issuer, now, BATCH, eventsBefore)
    onPruned(batch)
    await setImmediate()
  }
  if (gone > 0) log.debug({ rows: gone }, 'pruned')
}

const BATCH = 200
