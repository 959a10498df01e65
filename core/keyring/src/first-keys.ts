import type { Clock } from '@jotwarden/token'
import { KeyringError } from './errors.ts'
import type { KeyEvent } from './key-event.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import type { KeyStore } from './key-store.ts'
import { withoutUnopenedSpares } from './opened-keys.ts'
import { type KeyPurpose, type KeyPurposeEntry, keyPurposes } from './purposes.ts'
import type { KeyState } from './states.ts'

/** What the first keys are made from. `now` is in seconds. */
export interface FirstKeysRequest {
  readonly issuer: string
  readonly store: KeyStore
  readonly signingAlg: string
  readonly now: number
}

/** What spares are made from. They are dated by the clock, not by `now`: what comes before may have taken long. */
export interface SpareRequest extends FirstKeysRequest {
  readonly clock: Clock
}

/** The purposes of which no key was ever made. One whose keys are all gone is not among them: that is no first start. */
export function purposesWithoutKeys(records: readonly KeyRecord[]): readonly KeyPurpose[] {
  const present = new Set(records.map(({ purpose }) => purpose))
  return Object.values(keyPurposes)
    .map(({ purpose }) => purpose)
    .filter((purpose) => !present.has(purpose))
}

/** Makes an active key for each purpose, and a pending spare where the purpose wants one. */
export async function makeFirstKeys(
  purposes: readonly KeyPurpose[],
  request: FirstKeysRequest,
): Promise<{ readonly records: readonly KeyRecord[]; readonly events: readonly KeyEvent[] }> {
  const wanted = purposes.flatMap((purpose) => firstStates(keyPurposes[purpose]))
  const records = await Promise.all(wanted.map(([entry, state]) => makeKey(entry, state, request)))
  return { records, events: records.flatMap(firstEvents) }
}

function firstStates(entry: KeyPurposeEntry): (readonly [KeyPurposeEntry, KeyState])[] {
  return entry.spare
    ? [
        [entry, 'active'],
        [entry, 'pending'],
      ]
    : [[entry, 'active']]
}

/** Makes a pending key and announces it; `undefined` when one that can be opened stands already, or when the records never stand still. */
export async function addSpare(
  purpose: KeyPurpose,
  records: KeyRecords,
  request: SpareRequest,
  stale: ReadonlySet<string> = new Set(),
): Promise<KeyRecord | undefined> {
  const { issuer, clock } = request
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const seen = await records.list(issuer)
    const at = Math.floor(clock.now())
    const spares = seen.filter((record) => isSpare(record, purpose, at) && !stale.has(record.kid))
    if ((await withoutUnopenedSpares(spares, request.store)).length > 0) return undefined
    // After the list and not before it: what wraps now may be over once the records have changed.
    const record = await makeKey(keyPurposes[purpose], 'pending', { ...request, now: at })
    const created: KeyEvent = { type: 'key-created', kid: record.kid, purpose, at, cause: 'spare' }
    if ((await records.add(issuer, [record], [created], seen)) !== 'added') continue
    if (Math.abs(clock.now() - at) <= PUNCTUAL) return record
    await takeBack(record, records, Math.floor(clock.now()))
  }
  return undefined
}

function isSpare({ purpose, state, announcedAt, createdAt }: KeyRecord, wanted: KeyPurpose, now: number) {
  return purpose === wanted && state === 'pending' && (announcedAt ?? createdAt) <= now + GREATEST_SKEW
}

/** Its date is of long before anybody could know of it, and other nodes would make it active too early. */
async function takeBack({ issuer, kid, purpose, version }: KeyRecord, records: KeyRecords, at: number) {
  const taken: KeyEvent = { type: 'key-state-changed', kid, purpose, at, cause: 'retired' }
  await records.transition(issuer, [{ kid, version, to: 'retired', at }], [taken])
}

/** Makes one key, not yet stored. Throws `keyring/algorithm`, or what the store throws. */
export async function makeKey(
  entry: KeyPurposeEntry,
  state: KeyState,
  { issuer, store, signingAlg, now }: FirstKeysRequest,
): Promise<KeyRecord> {
  const { purpose } = entry
  const alg = entry.family === 'asymmetric' ? signingAlg : entry.algs[0]
  if (!entry.algs.includes(alg)) {
    throw new KeyringError('keyring/algorithm', `Cannot make a ${purpose} key: its algorithm is not allowed`)
  }
  const generated = await store.generate({ issuer, purpose, alg })
  return {
    issuer,
    ...{ purpose, alg, state },
    ...{ kid: generated.kid, publicJwk: generated.publicJwk, wrapped: generated.wrapped },
    createdAt: now,
    announcedAt: entry.published ? now : null,
    activatedAt: state === 'active' ? now : null,
    ...{ retiringAt: null, removableAt: null, retiredAt: null, compromisedAt: null },
    uses: 0,
    version: 1,
  }
}

function firstEvents({ kid, purpose, createdAt: at, state }: KeyRecord): KeyEvent[] {
  const created: KeyEvent = { type: 'key-created', kid, purpose, at, cause: 'first-start' }
  return state === 'active' ? [created, { ...created, type: 'key-activated' }] : [created]
}

const ATTEMPTS = 3
/** Seconds; more than any plan allows clocks to be apart. What is announced later was dated by a clock that was wrong. */
const GREATEST_SKEW = 600
/** Seconds that storing a spare may take, well within the time for which answers may be under way. */
const PUNCTUAL = 5
