import { isLive, type Session } from './session-store.ts'

/** A refresh that was authenticated, checked and signed, and now asks for its place in the session's order. */
export interface Rotation {
  readonly session: string
  /** The presented generation. */
  readonly generation: number
  /** Seconds since the epoch. */
  readonly now: number
  /** `rotate`: the counter moves. `keep`: the client is confidential or bound, its token stays (FAPI 2.0 §5.3.2.1). */
  readonly mode: 'rotate' | 'keep'
  /** Seconds in which the previous generation is answered with its successor again. */
  readonly graceWindow: number
  /** Seconds without a refresh until the session ends by itself. */
  readonly idleLifetime: number
  /** The key that the next generation's tags are made with. */
  readonly macKid: string
  /** Keyed hash of the network this refresh comes from; null when unknown. */
  readonly network: string | null
  /** How many graced generations in a row from differing networks are `shadowed`; 0: never. */
  readonly shadowLimit: number
  /** Whether a shadowed session ends. */
  readonly endShadowed: boolean
}

/**
 * What a presented generation was worth. `session` is the row after the act.
 * - `rotated`: the counter moved; the answer is the successor.
 * - `same`: current, inside the window (or a token that is kept): itself again.
 * - `repeated`: previous, inside the window: its successor, again.
 * - `shadowed`: as `same` or `repeated`, and once too often from differing networks; `ended` says whether it was ended.
 * - `reused`: older, or previous after the window: the session was ended.
 * - `ahead`: newer than the row (a restored database): refused, nothing changed.
 * - `ended`: ended or expired before.
 * - `unknown`: no such session.
 */
export type RotationOutcome =
  | {
      readonly outcome: 'rotated' | 'same' | 'repeated' | 'reused' | 'ahead' | 'ended'
      readonly session: Session
    }
  | { readonly outcome: 'shadowed'; readonly session: Session; readonly ended: boolean }
  | { readonly outcome: 'unknown' }

/**
 * The decision of `SessionStore.rotate`, row by row of the outcome table in `docs/architecture.md`. A store calls it
 * with the row and the last mark on its subject, client or issuer (0 for none) as they stand inside the act, and writes
 * `outcome.session` when it differs from that row.
 */
export function decideRotation(
  session: Session | undefined,
  rotation: Rotation,
  lastMark: number,
): RotationOutcome {
  if (session === undefined) return { outcome: 'unknown' }
  if (!isLive(session, rotation.now) || session.rev < lastMark) return { outcome: 'ended', session }
  if (rotation.generation > session.generation) return { outcome: 'ahead', session }

  // A clock that was set back must not hold the window open: what lies as far ahead is as far away.
  const inWindow =
    session.rotatedAt !== null && Math.abs(rotation.now - session.rotatedAt) <= rotation.graceWindow
  if (rotation.generation === session.generation) {
    if (rotation.mode === 'keep') return { outcome: 'same', session: touched(session, rotation) }
    if (inWindow) return graced('same', session, rotation)
    return { outcome: 'rotated', session: moved(session, rotation) }
  }
  if (rotation.generation === session.generation - 1 && inWindow) return graced('repeated', session, rotation)
  return { outcome: 'reused', session: { ...session, endedAt: rotation.now, endCause: 'reuse' } }
}

function moved(session: Session, rotation: Rotation): Session {
  return {
    ...session,
    generation: session.generation + 1,
    rotatedAt: rotation.now,
    macKid: rotation.macKid,
    network: rotation.network,
    idleExpiresAt: rotation.now + rotation.idleLifetime,
  }
}

/** A kept token's idle expiry moves in steps, so that a busy client does not cause a write a request. */
function touched(session: Session, rotation: Rotation): Session {
  const idleExpiresAt = rotation.now + rotation.idleLifetime
  const step = Math.min(IDLE_STEP, rotation.idleLifetime / 10)
  return idleExpiresAt - session.idleExpiresAt > step ? { ...session, idleExpiresAt } : session
}

/** Counts generations, in a row, that were answered again to a network other than the one that moved the counter. */
function graced(outcome: 'same' | 'repeated', session: Session, rotation: Rotation): RotationOutcome {
  const differs =
    rotation.network !== null && session.network !== null && rotation.network !== session.network
  if (!differs || session.gracedGeneration === session.generation) return { outcome, session }
  const follows = session.gracedGeneration === session.generation - 1
  const counted = {
    ...session,
    gracedGeneration: session.generation,
    gracedInRow: follows ? session.gracedInRow + 1 : 1,
  }
  if (rotation.shadowLimit === 0 || counted.gracedInRow < rotation.shadowLimit)
    return { outcome, session: counted }
  if (!rotation.endShadowed)
    return { outcome: 'shadowed', session: { ...counted, gracedInRow: 0 }, ended: false }
  return {
    outcome: 'shadowed',
    session: { ...counted, endedAt: rotation.now, endCause: 'shadowed' },
    ended: true,
  }
}

const IDLE_STEP = 60
