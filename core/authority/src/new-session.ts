import type { Random } from '@jotwarden/token'
import { randomId } from './random-id.ts'
import type { Session } from './session-store.ts'
import type { Settings } from './settings.ts'

/** What a session is granted; the rest of its row follows from settings, time and chance. */
export type SessionGrant = Pick<
  Session,
  | 'login'
  | 'client'
  | 'subject'
  | 'scope'
  | 'resources'
  | 'authTime'
  | 'acr'
  | 'amr'
  | 'rev'
  | 'device'
  | 'network'
>

/** A row at generation 0, not yet stored. */
export function newSession(
  grant: SessionGrant,
  parts: {
    readonly settings: Settings
    readonly random: Random
    readonly macKid: string
    readonly now: number
  },
): Session {
  const { settings, random, macKid, now } = parts
  return {
    ...grant,
    id: randomId(random),
    confirmation: null,
    seed: random.bytes(32),
    generation: 0,
    rotatedAt: null,
    macKid,
    gracedGeneration: null,
    gracedInRow: 0,
    statusIndex: null,
    createdAt: now,
    idleExpiresAt: now + settings.sessionIdleLifetime,
    absoluteExpiresAt: now + settings.sessionLifetime,
    endedAt: null,
    endCause: null,
  }
}
