import type { EndCause, RotationOutcome, SecurityEvent, StoreObserver } from '@jotwarden/authority'
import type { KeyEvent } from '@jotwarden/keyring'
import type { Registry } from './registry.ts'

/** Counts what the stores have recorded: security events, and what they say of sign-ins and revocations. */
export function countEvents(registry: Registry): StoreObserver {
  for (const outcome of ['accepted', 'refused', 'throttled'])
    registry.add('jotwarden_sign_ins_total', [outcome], 0)
  for (const outcome of rotationOutcomes) registry.add('jotwarden_refreshes_total', [outcome], 0)
  return {
    recorded: (events) => {
      for (const event of events) countEvent(registry, event)
    },
    rotated: (outcome) => countRotation(registry, outcome),
  }
}

function countEvent(registry: Registry, { type, cause }: SecurityEvent | KeyEvent): void {
  const known = knownCause(cause)
  registry.add('jotwarden_security_events_total', [type, known])
  const signIn = signIns.get(type)
  if (signIn !== undefined) registry.add('jotwarden_sign_ins_total', [signIn])
  const revoked = type === 'key-state-changed' && withdrawn.has(cause) ? 'key' : revocations.get(type)
  if (revoked !== undefined) registry.add('jotwarden_revocations_total', [revoked, known])
}

function countRotation(registry: Registry, outcome: RotationOutcome): void {
  registry.add('jotwarden_refreshes_total', [outcome.outcome])
  if (outcome.outcome !== 'rotated') return
  const { rotatedAt, createdAt, generation } = outcome.session
  if (rotatedAt !== null && generation > 0)
    registry.observe(
      'jotwarden_refresh_interval_seconds',
      [],
      Math.max(0, rotatedAt - createdAt) / generation,
    )
}

/** A cause is a text: one that is not known here may have been written by a host application, or by a person. */
function knownCause(cause: string | undefined): string {
  if (cause === undefined) return ''
  return causes.has(cause) ? cause : 'other'
}

/** Each of them, so that the compiler asks for one that comes. */
const endCauses: Readonly<Record<EndCause, true>> = {
  logout: true,
  reuse: true,
  shadowed: true,
  'code-replayed': true,
  'password-changed': true,
  'account-disabled': true,
  'account-removed': true,
  'client-removed': true,
  'client-revoked': true,
  'secret-replaced': true,
  revoked: true,
  person: true,
  administrator: true,
}
/** Names of keys and of secrets that changed stand in the events alone. */
const causes: ReadonlySet<string> = new Set([
  ...Object.keys(endCauses),
  ...['set-back', 'quota', 'account-erased', 'restored-copy', 'imported', 'overlap', 'at-once'],
  'account-changed',
  ...['unknown-client', 'wrong-credentials', 'ended-secret', 'new-network'],
  ...['first-start', 'spare', 'schedule', 'retiring', 'private-part-destroyed', 'retired', 'superseded'],
  ...['compromise', 'compromised', 'kek-lost', 'kek-stolen'],
])
/** Why a key is refused from then on. */
const withdrawn: ReadonlySet<string | undefined> = new Set(['compromised', 'kek-stolen'])
const signIns: ReadonlyMap<string, string> = new Map([
  ['login-succeeded', 'accepted'],
  ['login-refused', 'refused'],
])
const revocations: ReadonlyMap<string, string> = new Map([
  ['token-revoked', 'token'],
  ['session-ended', 'session'],
  ['login-ended', 'login'],
  ['subject-revoked', 'subject'],
  ['client-revoked', 'client'],
  ['issuer-revoked', 'issuer'],
])
const rotationOutcomes: readonly RotationOutcome['outcome'][] = [
  'rotated',
  'same',
  'repeated',
  'reused',
  'shadowed',
  'ahead',
  'ended',
  'unknown',
]
