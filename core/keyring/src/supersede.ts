import { KeyringError } from './errors.ts'
import { addSpare, type SpareRequest } from './first-keys.ts'
import type { KeyEvent } from './key-event.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import { type KeyPurpose, keyPurposes } from './purposes.ts'
import { type Rotated, rotateKey } from './rotate-key.ts'
import type { KeySchedule } from './tend-keys.ts'

/** What came of replacing the keys of a purpose that somebody may have copied. */
export type Superseded = Rotated & { readonly purpose: KeyPurpose }

/**
 * Takes the keys with these ids out of use without refusing anything: their spares never become active, since a copy of
 * those is as good as one of the active key, and new spares take over as soon as they are known everywhere. Answers the
 * purposes whose active key was among them; asked again, it goes on where it stands.
 */
export async function supersedeKeys(
  kids: ReadonlySet<string>,
  schedule: KeySchedule,
  records: KeyRecords,
  request: SpareRequest,
): Promise<readonly Superseded[]> {
  const superseded: Superseded[] = []
  for (const { purpose } of Object.values(keyPurposes)) {
    const active = await withFreshSpare(purpose, kids, records, request)
    if (active === undefined || !kids.has(active.kid)) continue
    superseded.push({ purpose, ...(await rotateKey(purpose, schedule, records, request)) })
  }
  return superseded
}

/** The active key, once every spare beside it is a fresh one. */
async function withFreshSpare(
  purpose: KeyPurpose,
  kids: ReadonlySet<string>,
  records: KeyRecords,
  request: SpareRequest,
): Promise<KeyRecord | undefined> {
  const { issuer, now } = request
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const listed = (await records.list(issuer)).filter((record) => record.purpose === purpose)
    const active = listed.find(({ state }) => state === 'active')
    const spares = listed.filter(({ state }) => state === 'pending')
    const stale = spares.filter(({ kid }) => kids.has(kid))
    if (stale.length === 0) return active
    // First the new one, so that a spare stands at every moment
    if (stale.length === spares.length) await addSpare(purpose, records, request, kids)
    const steps = stale.map(({ kid, version }) => ({ kid, version, to: 'retired', at: now }) as const)
    const events = stale.map(({ kid }) => droppedEvent(kid, purpose, now))
    if ((await records.transition(issuer, steps, events)) === 'done') return active
  }
  throw new KeyringError('keyring/conflict', 'Cannot replace the keys: the store keeps refusing it')
}

function droppedEvent(kid: string, purpose: KeyPurpose, at: number): KeyEvent {
  return { type: 'key-state-changed', kid, purpose, at, cause: 'superseded' }
}

const ATTEMPTS = 3
