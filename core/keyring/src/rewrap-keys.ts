import { KeyringError } from './errors.ts'
import type { KeyEvent } from './key-event.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import type { KeyTransition } from './key-transition.ts'

/** What is wrapped anew, and how. `at` is in seconds. */
export interface RewrapRequest {
  readonly issuer: string
  readonly at: number
  /** The private part wrapped anew; `undefined` when there is none or it needs no change. Throws when it cannot be opened. */
  rewrap(record: KeyRecord): string | undefined
  /** What the events say, as `kek-…`. */
  readonly cause: string
}

/** What came of it. */
export interface Rewrapped {
  readonly rewrapped: readonly KeyRecord[]
  /** Those that cannot be opened; they are as they were. */
  readonly closed: readonly KeyRecord[]
}

/**
 * Wraps every private part anew, all in one act, whatever its state. When it resolves, each record that `rewrap` would still
 * change is in `closed`. Throws `keyring/conflict` when the records never stand still.
 */
export async function rewrapKeys(records: KeyRecords, request: RewrapRequest): Promise<Rewrapped> {
  const rewrapped = new Map<string, KeyRecord>()
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { steps, events, changed, closed } = batchOf(await records.list(request.issuer), request)
    if (steps.length === 0) return { rewrapped: [...rewrapped.values()], closed }
    if ((await records.transition(request.issuer, steps, events)) === 'conflict') continue
    for (const record of changed) rewrapped.set(record.kid, record)
  }
  throw new KeyringError('keyring/conflict', 'Cannot wrap the keys anew: the records keep changing')
}

function batchOf(listed: readonly KeyRecord[], { at, rewrap, cause }: RewrapRequest) {
  const steps: KeyTransition[] = []
  const events: KeyEvent[] = []
  const changed: KeyRecord[] = []
  const closed: KeyRecord[] = []
  for (const record of listed) {
    const { kid, version, state, purpose } = record
    try {
      const wrapped = rewrap(record)
      if (wrapped === undefined) continue
      steps.push({ kid, version, to: state, at, wrapped })
      events.push({ type: 'key-rewrapped', kid, purpose, at, cause })
      changed.push(record)
    } catch {
      closed.push(record)
    }
  }
  return { steps, events, changed, closed }
}

/** Each is lost to another node's change of some key, which comes a few times a minute at most. */
const ATTEMPTS = 20
