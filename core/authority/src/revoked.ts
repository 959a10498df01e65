import type { KeyRecord, KeyTransition } from '@jotwarden/keyring'
import type { Withdrawal } from './consent-store.ts'
import type { EndedLogins } from './login-store.ts'
import type { NewMark } from './marks.ts'
import { NOTHING, noted, type Recording } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'
import type { EndCause, Session, SessionSelector } from './session-store.ts'

// What taking something back leaves behind: one mark for verifiers, and an event that says why, always together.

/** A session ended: its access tokens are refused from now on. */
export function sessionEnded(
  session: Pick<Session, 'id' | 'subject' | 'client'>,
  cause: EndCause,
  at: number,
  quota: number,
  about: Partial<SecurityEvent> = {},
): Recording {
  const { id, subject, client } = session
  return {
    events: [{ ...about, type: 'session-ended', at, session: id, subject, client, cause }],
    marks: [narrow('session', id, cause, at, ownerOf(subject, cause, quota))],
  }
}

/**
 * A client can end its own sessions as often as it gets new ones: each is a sign-in, and no count of them may become a mark
 * on the person, who has other clients.
 */
function ownerOf(subject: string, cause: EndCause, quota: number): NewMark['owner'] {
  return CAUSED_BY_CLIENTS.has(cause) ? null : { kind: 'subject', id: subject, quota }
}

const CAUSED_BY_CLIENTS: ReadonlySet<EndCause> = new Set<EndCause>([
  'revoked',
  'reuse',
  'shadowed',
  'code-replayed',
])

/** A login ended, and with it everything that was granted under it. */
export function loginEnded(
  login: { readonly id: string; readonly subject: string },
  cause: string,
  at: number,
  quota: number,
): Recording {
  const { id, subject } = login
  return {
    events: [{ type: 'login-ended', at, login: id, cause, subject }],
    marks: [narrow('login', id, cause, at, { kind: 'subject', id: subject, quota })],
  }
}

/** Logins of one person ended, and sessions under them or under none. Nothing that had ended before is told again. */
export function loginsEnded(
  { logins, sessions }: EndedLogins,
  cause: EndCause,
  at: number,
  quota: number,
): Recording {
  const open = logins.map((login) => loginEnded(login, cause, at, quota))
  const told = new Set(logins.map(({ id }) => id))
  const under = sessions.map((session) => {
    const recording = sessionEnded(session, cause, at, quota)
    const { login, subject } = session
    if (login === null) return recording
    // The mark on its login refuses what the session was given
    const marks = told.has(login) ? [] : loginEnded({ id: login, subject }, cause, at, quota).marks
    told.add(login)
    return { events: recording.events, marks }
  })
  return together(...open, ...under)
}

/** A person took their consent back: the client's sessions with them are over. */
export function consentWithdrawn(
  { consent, sessions }: Withdrawal,
  cause: EndCause,
  at: number,
  quota: number,
): Recording {
  const { subject, client } = consent ?? {}
  return together(
    subject === undefined || client === undefined
      ? NOTHING
      : noted({ type: 'consent-withdrawn', at, subject, client, cause }),
    ...sessions.map((session) => sessionEnded(session, cause, at, quota)),
  )
}

/** Everything that a person was authenticated for until now is refused. */
export function subjectRevoked(subject: string, cause: string, at: number): Recording {
  return {
    events: [{ type: 'subject-revoked', at, subject, cause }],
    marks: [wide('subject', subject, cause, at)],
  }
}

/** A person was erased: what is left of them is their subject, which says nothing of them. */
export function accountErased(
  subject: string,
  cause: 'administrator' | 'restored-copy',
  at: number,
): Recording {
  return together(
    { events: [{ type: 'account-erased', at, subject, cause }], marks: [] },
    subjectRevoked(subject, 'account-erased', at),
  )
}

/** Everything that a client was given until now is refused. */
export function clientRevoked(client: string, cause: string, at: number): Recording {
  return {
    events: [{ type: 'client-revoked', at, client, cause }],
    marks: [wide('client', client, cause, at)],
  }
}

/** Everything that was issued until now is refused: everybody signs in again. */
export function issuerRevoked(issuer: string, cause: string, at: number): Recording {
  return { events: [{ type: 'issuer-revoked', at, cause }], marks: [wide('issuer', issuer, cause, at)] }
}

/** What the selector of an ending aims at, beside the sessions it ends. */
export function selected(
  selector: Extract<SessionSelector, { readonly subject: string } | { readonly client: string }>,
  cause: EndCause,
  at: number,
): Recording {
  if ('client' in selector) return clientRevoked(selector.client, cause, at)
  return subjectRevoked(selector.subject, cause, at)
}

/** Several recordings as one. */
export function together(...recordings: readonly Recording[]): Recording {
  return {
    events: recordings.flatMap(({ events }) => events),
    marks: recordings.flatMap(({ marks }) => marks),
  }
}

function narrow(
  kind: 'session' | 'login',
  id: string,
  cause: string,
  at: number,
  owner: NewMark['owner'],
): NewMark {
  return { kind, id, cause, at, expiresAt: null, owner }
}

function wide(kind: 'subject' | 'client' | 'issuer', id: string, cause: string, at: number): NewMark {
  return { kind, id, cause, at, expiresAt: null, owner: null }
}

/**
 * The mark of a key that becomes compromised, for `KeyRecords.transition`; undefined for keys whose tokens no verifier
 * sees. It is kept for good: a verifier may have been given its keys by hand, and they are few.
 */
export function keyCompromised(record: KeyRecord, step: KeyTransition): NewMark | undefined {
  if (step.to !== 'compromised' || record.purpose !== 'token-signing') return undefined
  const expiresAt = Number.MAX_SAFE_INTEGER
  return { kind: 'key', id: record.kid, cause: 'compromised', at: step.at, expiresAt, owner: null }
}
