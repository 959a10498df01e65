import type { KeyRecords } from '@jotwarden/keyring'
import type { AccountRecords } from './account-records.ts'
import type { ClientStore } from './client-store.ts'
import type { CodeStore } from './code-store.ts'
import type { ConsentStore } from './consent-store.ts'
import type { HolderRecords } from './holder-records.ts'
import type { LoginStore } from './login-store.ts'
import type { RevocationLog } from './revocation-log.ts'
import type { EventStore } from './security-event.ts'
import type { SessionStore } from './session-store.ts'

/**
 * Every storage port of one product. A driver gives all of them, since acts span them.
 *
 * Promises common to all: every row begins with its issuer, and no call sees another issuer's rows; an act is atomic and,
 * once its promise is fulfilled, durable; an act that throws has changed nothing; a read sees every act acknowledged
 * before it began.
 */
export interface Stores {
  readonly clients: ClientStore
  readonly accounts: AccountRecords
  readonly logins: LoginStore
  readonly consents: ConsentStore
  readonly codes: CodeStore
  readonly sessions: SessionStore
  readonly events: EventStore
  readonly keys: KeyRecords
  readonly holders: HolderRecords
  readonly revocation: RevocationLog
  /**
   * Deletes, in batches of `limit` rows, what no one can ask for any more: expired codes (ten minutes past expiry),
   * logins and sessions past their absolute expiry, marks five minutes past theirs. Answers how many went.
   *
   * With `eventsBefore` also security events that were recorded before it (seconds since the epoch), oldest first, but
   * never the newest of all: numbers go on from it. What stands after an event that stays, stays as well.
   */
  prune(issuer: string, now: number, limit: number, eventsBefore?: number | null): Promise<number>
  /** Differs whenever something was committed since it was last asked, here or by another process; cheap to ask. */
  dataVersion(): number
  /** Whether the store can answer; rejects when it cannot. */
  ping(): Promise<void>
  /** Waits for acts under way, then lets go of the product. Later calls reject. */
  close(): Promise<void>
}
