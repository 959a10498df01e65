import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'
import { repeat } from './repeat.ts'

/** Work beside the requests. */
export interface Tended {
  /** Waits for what is under way. */
  stop(): Promise<void>
}

/**
 * Notices keys that another process changed, within a second, and prunes what has expired. Clients and accounts are read
 * from the store at each request, so that nothing of them can be stale.
 */
export function tend(opened: OpenedAuthority, log: Logger): Tended {
  const { keyring } = opened.authority
  const notice = async () => {
    const version = opened.stores.dataVersion()
    if (version === seen) return
    await keyring.refresh()
    seen = version
  }
  let seen = opened.stores.dataVersion()
  const keys = repeat(0.25, notice, failed(log, 'cannot read the keys again'))
  const pruning = repeat(60, () => prune(opened, log), failed(log, 'cannot prune the store'))
  return {
    stop: async () => {
      await Promise.all([keys.stop(), pruning.stop()])
    },
  }
}

/** Small batches, so that requests come in between. */
async function prune({ authority, stores }: OpenedAuthority, log: Logger): Promise<void> {
  let gone = 0
  for (let batch = BATCH; batch >= BATCH; gone += batch) {
    batch = await stores.prune(authority.settings.issuer, systemClock.now(), BATCH)
    await setImmediate()
  }
  if (gone > 0) log.debug({ rows: gone }, 'pruned')
}

function failed(log: Logger, message: string): (error: unknown) => void {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    log.error({ code, reason: error instanceof Error ? error.message : 'unknown' }, message)
  }
}

const BATCH = 200
