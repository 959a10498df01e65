/** What is worth telling the people who watch over an authority. */
export type SecurityEventType =
  | 'login-succeeded'
  | 'login-refused'
  | 'login-throttled'
  | 'login-ended'
  | 'token-revoked'
  | 'consent-given'
  | 'consent-refused'
  | 'consent-withdrawn'
  | 'code-replayed'
  | 'session-started'
  | 'session-ended'
  | 'subject-revoked'
  | 'client-revoked'
  | 'issuer-revoked'
  | 'log-set-back'
  | 'configuration-changed'
  | 'refresh-reused'
  | 'refresh-ahead'
  | 'refresh-shadowed'
  | 'client-added'
  | 'client-removed'
  | 'client-secret-rotated'
  | 'client-secret-ended'
  | 'client-refused'
  | 'client-throttled'
  | 'grant-throttled'
  | 'account-added'
  | 'account-password-changed'
  | 'account-disabled'
  | 'account-enabled'
  | 'account-removed'
  | 'account-erased'
  | 'key-created'
  | 'key-activated'
  | 'key-rewrapped'
  | 'key-state-changed'
  | 'holder-added'
  | 'holder-removed'
  | 'holder-offboarded'
  | 'holder-settled'

/** One security event. It names things by their identifiers; it never holds a token, a key or a password. */
export interface SecurityEvent {
  readonly type: SecurityEventType
  /** Seconds since the epoch. */
  readonly at: number
  readonly subject?: string
  readonly client?: string
  readonly login?: string
  readonly session?: string
  readonly kid?: string
  /** `jti` of an access token. */
  readonly token?: string
  /** Who holds a secret, by the name on the roster. */
  readonly holder?: string
  readonly cause?: string
  /** Keyed hash of the network the request came from. */
  readonly network?: string
  /**
   * Repeated failures are counted, not listed: events of one issuer with the same `type`, `aggregate` and minute
   * share a row whose `count` grows.
   */
  readonly aggregate?: string
}

/** An event as the store keeps it. */
export interface StoredSecurityEvent extends SecurityEvent {
  /** Grows with each new row of the issuer; no number comes again, also after rows were pruned. */
  readonly number: number
  /** How often it happened within its minute; 1 unless aggregated. */
  readonly count: number
}

/** Where security events are kept. Most are written by the act that they record; these are the ones on their own. */
export interface EventStore {
  /** Writes the events as one atomic, durable act. */
  record(issuer: string, events: readonly SecurityEvent[]): Promise<void>
  /** Events with a number greater than `after`, oldest first, `limit` at most. */
  list(
    issuer: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly StoredSecurityEvent[]>
  /** The number of the newest event; 0 when there is none. */
  last(issuer: string): Promise<number>
  /** Whether the subject has a `login-succeeded` from one of the networks at this moment or later. */
  signedInFrom(
    issuer: string,
    of: { readonly subject: string; readonly networks: readonly string[]; readonly since: number },
  ): Promise<boolean>
  /** How far a reader has come in the events; `undefined` when it never said. */
  position(issuer: string, reader: string): Promise<number | undefined>
  /** Remembers durably that a reader has come so far. It only goes forward: of racing callers the farthest counts. */
  advance(issuer: string, reader: string, number: number): Promise<void>
}
