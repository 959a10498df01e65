import type { Recorder } from './recording.ts'
import type { Rotation, RotationOutcome } from './rotation.ts'
import type { SecurityEvent } from './security-event.ts'

/** One grant to one client: everything its refresh tokens are derived from. Refreshing never adds a row. */
export interface Session {
  /** 16 random bytes, base64url (22 characters). */
  readonly id: string
  /** The login it was granted under; null when started in code. */
  readonly login: string | null
  readonly client: string
  readonly subject: string
  readonly scope: readonly string[]
  /** Resource indicators it was granted for (RFC 8707). */
  readonly resources: readonly string[]
  /** Confirmation that its refresh tokens are bound to (RFC 7800), as JSON text; null when unbound. */
  readonly confirmation: string | null
  /** When and how the person proved themselves; carried into every token. */
  readonly authTime: number | null
  readonly acr: string | null
  readonly amr: readonly string[]
  /** The head of the revocation log before the authentication it hangs on; every token derived from it carries it. */
  readonly rev: number
  /** Of the login, which it may outlive. */
  readonly device: string | null
  /** 32 random bytes; no refresh token can be derived without them. */
  readonly seed: Uint8Array
  /** The refresh token's generation; 0 for the first. */
  readonly generation: number
  /** When the counter last moved: seconds since the epoch; null until the first rotation. */
  readonly rotatedAt: number | null
  /** Key of the current generation's tags; moves only with the counter. */
  readonly macKid: string
  /** Keyed hash of the network that last moved the counter. */
  readonly network: string | null
  /** The last generation that was answered again to another network, and how many in a row were. */
  readonly gracedGeneration: number | null
  readonly gracedInRow: number
  readonly statusIndex: number | null
  readonly createdAt: number
  readonly idleExpiresAt: number
  /** Never moves. */
  readonly absoluteExpiresAt: number
  readonly endedAt: number | null
  readonly endCause: EndCause | null
}

/** Whether a session may still be refreshed: neither ended nor expired at `now` (seconds since the epoch). */
export function isLive(session: Session, now: number): boolean {
  return session.endedAt === null && now < session.idleExpiresAt && now < session.absoluteExpiresAt
}

export type EndCause =
  | 'logout'
  | 'reuse'
  | 'shadowed'
  | 'code-replayed'
  | 'password-changed'
  | 'account-disabled'
  | 'account-removed'
  | 'client-removed'
  | 'client-revoked'
  | 'secret-replaced'
  | 'revoked'
  | 'person'
  | 'administrator'

/** Which sessions to end. */
export type SessionSelector =
  | { readonly session: string }
  | { readonly login: string }
  | { readonly subject: string }
  | { readonly client: string }

/**
 * Where one session stands among a person's, in the order of the sign-ins they hang on. Sessions that hang on no login have
 * `authTime` 0 and the empty `login`.
 */
export interface SessionPlace {
  readonly authTime: number
  readonly login: string
  readonly createdAt: number
  readonly id: string
}

export function placeOf({ authTime, login, createdAt, id }: Session): SessionPlace {
  return { authTime: login === null ? 0 : (authTime ?? 0), login: login ?? '', createdAt, id }
}

/** Where sessions are kept. Ended rows stay until their absolute expiry. */
export interface SessionStore {
  /**
   * Adds a session that was started in code. When it names a login that has ended or is unknown, or subject, client or
   * issuer were marked after its `rev`, nothing is added.
   */
  start(
    issuer: string,
    session: Session,
    events: readonly SecurityEvent[],
  ): Promise<'started' | 'login-ended' | 'revoked'>
  /** The session, ended and expired ones included. Never older than the last act that was acknowledged. */
  find(issuer: string, id: string): Promise<Session | undefined>
  /**
   * Decides what the presented generation is worth and changes the row, as one atomic act (`decideRotation` is that
   * decision). Of any number of concurrent calls with the current generation exactly one moves the counter.
   * A session whose subject, client or issuer was marked after its `rev` has `ended`.
   * On `reused` (and `shadowed`, where the rotation says so) the session is ended in the same act.
   * The events that `record` gives for the outcome are written in the same act.
   */
  rotate(issuer: string, rotation: Rotation, record: Recorder<RotationOutcome>): Promise<RotationOutcome>
  /**
   * Ends every live session that the selector names, as one atomic act, and says which. A login selector ends the login
   * too; login, subject and client selectors void their codes; a subject selector ends the subject's logins.
   * A rotation that commits later sees them ended.
   */
  end(
    issuer: string,
    selector: SessionSelector,
    cause: EndCause,
    now: number,
    record: Recorder<readonly Session[]>,
  ): Promise<readonly Session[]>
  /** The latest `absoluteExpiresAt` of any session there is, ended ones perhaps among them; 0 without any. */
  latestEnd(issuer: string): Promise<number>
  /** Live sessions (neither ended nor expired at `now`) of a subject, or of a client, newest first. */
  list(
    issuer: string,
    of: { readonly subject: string } | { readonly client: string },
    now: number,
  ): Promise<readonly Session[]>
  /**
   * Live sessions of the person by their places (`placeOf`), each part falling, so that those of one sign-in stand
   * together and the newest sign-in comes first. `limit` at most, of those that come after `before`.
   */
  ofSubject(
    issuer: string,
    subject: string,
    page: { readonly before: SessionPlace | null; readonly limit: number },
    now: number,
  ): Promise<readonly Session[]>
}
