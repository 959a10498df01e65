import type { Mark, MarkedToken, MarkKind } from '@jotwarden/policy'
import type { Recording } from './recording.ts'

/** Where a log stands. */
export interface LogHead {
  /** The number of the newest mark; 0, or the beginning of an epoch, while there is none. */
  readonly number: number
  /** Marks up to this number may have been forgotten. */
  readonly floor: number
  /** Seconds since the epoch: the latest `exp` that was announced by `cover`. */
  readonly latestExp: number
  /** Grows with each `pulse`. */
  readonly pulse: number
}

/** What a log that was set back goes on with. */
export interface NewEpoch {
  readonly epoch: number
  /** Seconds since the epoch. */
  readonly latestExp: number
  readonly pulse: number
}

/** A stretch of the log as of one moment. */
export interface LogPage {
  readonly head: LogHead
  /** Oldest first. */
  readonly marks: readonly Mark[]
}

/**
 * One log of marks for each issuer. Marks are appended by the acts that cause them (`Recorder`); numbers are without gaps
 * and in the order of the commits, since the head moves last in each act. The last mark on an account, a client and the
 * issuer is kept for good.
 */
export interface RevocationLog {
  /** The head as of the last act that was acknowledged anywhere: read from where it is decided, never from a copy. */
  head(issuer: string): Promise<LogHead>
  /** Marks above `after`, `limit` at most, with the head of the same moment. */
  read(issuer: string, page: { readonly after: number; readonly limit: number }): Promise<LogPage>
  /** The greatest number of the last marks on the subject, the client and the issuer; 0 without any. */
  lastMark(issuer: string, of: { readonly subject?: string; readonly client?: string }): Promise<number>
  /** The kind of a mark that refuses the token, or null. Marks on accounts, clients and issuers count for good. */
  refuses(issuer: string, token: MarkedToken): Promise<MarkKind | null>
  /** Appends marks and events that belong to no other act. */
  append(issuer: string, recording: Recording): Promise<void>
  /** Makes `latestExp` at least `exp`, which has to be durable before anything with that `exp` is issued. */
  cover(issuer: string, exp: number): Promise<LogHead>
  /** Moves `pulse` on, which tells a database that was set back from one that stood still. */
  pulse(issuer: string): Promise<LogHead>
  /**
   * Begins the epoch, if it is later than the present one, and records in the same act. `latestExp` and `pulse` become at
   * least the given ones: what was issued after the copy was made is not known any more. `not-later` changes nothing.
   */
  beginEpoch(issuer: string, begun: NewEpoch, recording: Recording): Promise<'begun' | 'not-later'>
}
