import type { Recorder } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'
import type { EndCause, Session } from './session-store.ts'

/** What a person allowed a client. */
export interface Consent {
  readonly subject: string
  readonly client: string
  readonly scopes: readonly string[]
  /** Seconds since the epoch. */
  readonly givenAt: number
}

/** What taking a consent back found: the consent, if there was one, and the sessions that were live. */
export interface Withdrawal {
  readonly consent: Consent | undefined
  readonly sessions: readonly Session[]
}

/** Where consents are kept, one a subject and client. */
export interface ConsentStore {
  /**
   * Widens the consent by these scopes, atomically: two concurrent calls leave the union. When the subject, the client or
   * the issuer was marked after `rev`, that of the login it is given with, nothing is changed: a consent must not come after
   * its person was erased.
   */
  give(
    issuer: string,
    consent: Consent,
    rev: number,
    events: readonly SecurityEvent[],
  ): Promise<'given' | 'revoked'>
  find(issuer: string, subject: string, client: string): Promise<Consent | undefined>
  /** The subject's consents by the ids of their clients, rising: `limit` at most, of those after `after`. */
  list(
    issuer: string,
    subject: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly Consent[]>
  /**
   * Forgets the consent and, in the same act, ends the subject's sessions with the client and voids its codes; nothing of
   * other subjects or clients. Of concurrent calls one names the consent, and one each session.
   */
  withdraw(
    issuer: string,
    of: Pick<Consent, 'subject' | 'client'>,
    cause: EndCause,
    now: number,
    record: Recorder<Withdrawal>,
  ): Promise<Withdrawal>
}
