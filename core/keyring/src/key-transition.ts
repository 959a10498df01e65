import { KeyringError } from './errors.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyState } from './states.ts'
import { mayTransition } from './states.ts'

/** One step of one key, taken only if its record still has this version. `at` is in seconds. */
export interface KeyTransition {
  readonly kid: string
  readonly version: number
  /** The state to go to; the present one only when `wrapped` is replaced. */
  readonly to: KeyState
  readonly at: number
  /** Given: the private part wrapped anew, or `null` to destroy it. Left out: it stays. */
  readonly wrapped?: string | null
  /** With `to: 'retiring'`: from when on nothing the key protected can still be valid. */
  readonly removableAt?: number
}

/**
 * The record after the step: state, dates, version. Every store uses this, so that none differs.
 * Going to retired or compromised always destroys the private part.
 * Throws `keyring/transition` when the state does not allow the step.
 */
export function transitioned(record: KeyRecord, step: KeyTransition): KeyRecord {
  const rewrap = isRewrap(record, step)
  if (!rewrap && !mayTransition(record.state, step.to)) {
    throw new KeyringError(
      'keyring/transition',
      `Cannot change the key: a ${record.state} key does not become ${step.to}`,
    )
  }
  const wrapped = wrappedAfter(record, step)
  if (step.to === 'active' && wrapped === null) {
    throw new KeyringError('keyring/transition', 'Cannot activate the key: it has no private part')
  }
  const changed = { ...record, wrapped, version: record.version + 1 }
  return rewrap ? changed : { ...changed, state: step.to, ...datesAfter(record, step) }
}

/** A destroyed private part stays destroyed. */
function isRewrap(record: KeyRecord, step: KeyTransition): boolean {
  return step.to === record.state && step.wrapped !== undefined && record.wrapped !== null
}

function wrappedAfter(record: KeyRecord, step: KeyTransition): string | null {
  if (destroying.has(step.to) || record.wrapped === null) return null
  return step.wrapped === undefined ? record.wrapped : step.wrapped
}

function datesAfter(record: KeyRecord, step: KeyTransition): Partial<KeyRecord> {
  const at = Math.floor(step.at)
  if (step.to === 'active')
    return { activatedAt: record.activatedAt ?? at, announcedAt: record.announcedAt ?? at }
  if (step.to === 'retiring') return { retiringAt: at, removableAt: removableAfter(step) }
  if (step.to === 'retired') return { retiredAt: at }
  if (step.to === 'compromised') return { compromisedAt: at }
  return {}
}

function removableAfter(step: KeyTransition): number | null {
  return step.removableAt === undefined ? null : Math.ceil(step.removableAt)
}

const destroying: ReadonlySet<KeyState> = new Set<KeyState>(['retired', 'compromised'])
