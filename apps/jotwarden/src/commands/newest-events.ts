import type { StoredSecurityEvent } from '@jotwarden/authority'
import type { OpenedStores } from '../state/with-stores.ts'
import type { EventFilter } from './event-filter.ts'

/**
 * The newest events that the filter lets through, oldest first: numbers above `after` up to `upTo`, `limit` at most. Read
 * from the end in stretches, since the whole log may be long.
 */
export async function newestEvents(
  { stores, issuer }: OpenedStores,
  range: { readonly after: number; readonly upTo: number; readonly limit: number },
  filter: EventFilter,
): Promise<readonly StoredSecurityEvent[]> {
  const stretches: (readonly StoredSecurityEvent[])[] = []
  let wanted = range.limit
  for (let end = range.upTo; end > range.after && wanted > 0; end -= STRETCH) {
    const start = Math.max(range.after, end - STRETCH)
    const read = await stores.events.list(issuer, { after: start, limit: end - start })
    const kept = read.filter((event) => event.number <= end && filter(event))
    stretches.unshift(kept)
    wanted -= kept.length
  }
  const found = stretches.flat()
  return found.slice(Math.max(0, found.length - range.limit))
}

/** Rows. */
const STRETCH = 1000
