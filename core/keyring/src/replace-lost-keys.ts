import { KeyringError } from './errors.ts'
import { type FirstKeysRequest, makeKey } from './first-keys.ts'
import type { KeyEvent } from './key-event.ts'
import { removableFrom } from './key-plan.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyRecords } from './key-records.ts'
import type { KeyTransition } from './key-transition.ts'
import { keyPurposes } from './purposes.ts'
import { mayProcess } from './states.ts'
import type { KeySchedule } from './tend-keys.ts'

/** What is known of the keys whose private parts cannot be opened any more. */
export interface LostKeysRequest extends FirstKeysRequest {
  readonly schedule: KeySchedule
  /** Whether the private part can never be opened again. Throws when that cannot be told. */
  isLost(record: KeyRecord): Promise<boolean>
  /**
   * Whether somebody else may have the private parts. Then the keys are compromised, and so are those whose private part
   * was destroyed since a copy may have it. Else what they signed stays good until it expires.
   */
  readonly isStolen: boolean
}

/** What came of it: the keys that ended, as they were, and the keys that were made. */
export interface ReplacedKeys {
  readonly ended: readonly KeyRecord[]
  readonly made: readonly KeyRecord[]
}

/**
 * Ends every key that is lost and puts new ones in their place, each purpose with an active key and a spare. New keys are
 * stored first, then all changes of state are one act, so that it can be ended at any moment and begun again. Throws
 * `keyring/conflict` when the records never stand still.
 */
export async function replaceLostKeys(records: KeyRecords, request: LostKeysRequest): Promise<ReplacedKeys> {
  const { issuer } = request
  const cause = request.isStolen ? 'kek-stolen' : 'kek-lost'
  const made: KeyRecord[] = []
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const listed = await records.list(issuer)
    const lost = await lostOf(listed, request)
    const wanting = purposesWithoutActive(listed, lost)
    if (listed.length === 0 || (lost.size === 0 && wanting.length === 0)) return { ended: [], made }
    const fresh = await missingKeys(listed, lost, wanting, request)
    if (fresh.length > 0) {
      if (
        (await records.add(
          issuer,
          fresh,
          fresh.map((key) => createdEvent(key, cause)),
          listed,
        )) === 'conflict'
      )
        continue
      made.push(...fresh)
    }
    const { steps, events } = await changesOf([...listed, ...fresh], lost, wanting, { request, cause })
    if ((await records.transition(issuer, steps, events)) === 'conflict') continue
    return { ended: listed.filter(({ kid }) => lost.has(kid)), made }
  }
  throw new KeyringError('keyring/conflict', 'Cannot replace the lost keys: the records keep changing')
}

type Kids = ReadonlySet<string>
type Purpose = KeyRecord['purpose']

async function lostOf(
  listed: readonly KeyRecord[],
  { isLost, isStolen }: LostKeysRequest,
): Promise<ReadonlySet<string>> {
  const lost = new Set<string>()
  for (const record of listed)
    if (isBare(record) || (record.wrapped !== null && (await isLost(record)))) lost.add(record.kid)
  const anyLost = lost.size > 0
  for (const { kid, state, wrapped } of listed)
    if (anyLost && isStolen && wrapped === null && mayProcess(state)) lost.add(kid)
  return lost
}

/** Whether a key that needs its private part has none. No step leaves such a record; a row that was changed by hand keeps every start from its work like a lost key. */
export function isBare({ wrapped, state }: KeyRecord): boolean {
  return wrapped === null && (state === 'active' || state === 'pending')
}

function purposesWithoutActive(listed: readonly KeyRecord[], lost: Kids): readonly Purpose[] {
  return Object.values(keyPurposes)
    .map(({ purpose }) => purpose)
    .filter(
      (purpose) =>
        !listed.some((one) => one.purpose === purpose && one.state === 'active' && !lost.has(one.kid)),
    )
}

/** A spare for each purpose that wants one, beside the key that becomes active. */
async function missingKeys(
  listed: readonly KeyRecord[],
  lost: Kids,
  wanting: readonly Purpose[],
  request: LostKeysRequest,
): Promise<readonly KeyRecord[]> {
  const entries = Object.values(keyPurposes).flatMap((entry) => {
    const { purpose, spare } = entry
    const standing = listed.filter((one) => isSpare(one, purpose) && !lost.has(one.kid)).length
    const wanted = Number(spare) + Number(wanting.includes(purpose)) - standing
    return Array<typeof entry>(Math.max(0, wanted)).fill(entry)
  })
  return Promise.all(entries.map((entry) => makeKey(entry, 'pending', request)))
}

async function changesOf(
  listed: readonly KeyRecord[],
  lost: Kids,
  wanting: readonly Purpose[],
  { request, cause }: { readonly request: LostKeysRequest; readonly cause: string },
): Promise<{ readonly steps: readonly KeyTransition[]; readonly events: readonly KeyEvent[] }> {
  const { now: at, isStolen } = request
  const steps: KeyTransition[] = []
  const events: KeyEvent[] = []
  for (const record of listed.filter(({ kid }) => lost.has(kid))) {
    steps.push(...(isStolen ? [stepTo('compromised', record, at)] : await departure(record, request)))
    events.push({ type: 'key-state-changed', kid: record.kid, purpose: record.purpose, at, cause })
  }
  for (const purpose of wanting) {
    const [next] = listed
      .filter((one) => isSpare(one, purpose) && !lost.has(one.kid))
      .toSorted((a, b) => a.createdAt - b.createdAt)
    if (next === undefined) continue
    steps.push(stepTo('active', next, at))
    events.push({ type: 'key-activated', kid: next.kid, purpose, at, cause })
  }
  return { steps, events }
}

/** Nobody else has a lost key, so what it signed is as good as ever; a secret that is gone checks and opens nothing. */
async function departure(
  record: KeyRecord,
  { now: at, schedule }: LostKeysRequest,
): Promise<readonly KeyTransition[]> {
  const { state, purpose, version } = record
  if (keyPurposes[purpose].family === 'asymmetric') {
    if (state === 'retiring') return [{ ...stepTo('retiring', record, at), wrapped: null }]
    if (state === 'active') {
      const removableAt = removableFrom(purpose, at, await schedule.latestEnd(purpose), schedule.plan)
      return [{ ...stepTo('retiring', record, at), wrapped: null, removableAt }]
    }
  }
  const gone = stepTo('retired', record, at)
  return state === 'active' ? [stepTo('retiring', record, at), { ...gone, version: version + 1 }] : [gone]
}

function stepTo(to: KeyTransition['to'], { kid, version }: KeyRecord, at: number): KeyTransition {
  return { kid, version, to, at }
}

function isSpare(record: KeyRecord, purpose: Purpose): boolean {
  return record.purpose === purpose && record.state === 'pending'
}

function createdEvent({ kid, purpose, createdAt: at }: KeyRecord, cause: string): KeyEvent {
  return { type: 'key-created', kid, purpose, at, cause }
}

const ATTEMPTS = 10
