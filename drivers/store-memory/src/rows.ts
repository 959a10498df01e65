import type {
  AccountRecord,
  Client,
  Code,
  Consent,
  Holding,
  LogHead,
  Login,
  Session,
  StoredMark,
  StoredSecurityEvent,
} from '@jotwarden/authority'
import type { KeyRecord } from '@jotwarden/keyring'
import { createTable, type Table, type Undo } from './table.ts'

/** A code and whether it may still be used. */
export interface CodeRow {
  readonly code: Code
  readonly voided: boolean
}

/** Everything that is kept of one issuer. */
export interface Rows {
  readonly clients: Table<Client>
  /** By subject. */
  readonly accounts: Table<AccountRecord>
  readonly logins: Table<Login>
  /** Ids of logins by the hash of their cookie. */
  readonly cookies: Table<string>
  readonly consents: Table<Consent>
  readonly codes: Table<CodeRow>
  readonly sessions: Table<Session>
  readonly events: Table<StoredSecurityEvent>
  /** The number of the newest event, under the empty key. */
  readonly lastEvent: Table<number>
  /** How far each reader of the events has come, by its name. */
  readonly readers: Table<number>
  readonly keys: Table<KeyRecord>
  /** By holder and secret. */
  readonly holdings: Table<Holding>
  /** One row, under the empty key. */
  readonly heads: Table<LogHead>
  /** By number. */
  readonly marks: Table<StoredMark>
  /** Numbers by kind and id, kept for good. */
  readonly lastMarks: Table<number>
}

export function createRows(journal: Undo[]): Rows {
  return {
    clients: createTable(journal),
    accounts: createTable(journal),
    logins: createTable(journal),
    cookies: createTable(journal),
    consents: createTable(journal),
    codes: createTable(journal),
    sessions: createTable(journal),
    events: createTable(journal),
    lastEvent: createTable(journal),
    readers: createTable(journal),
    keys: createTable(journal),
    holdings: createTable(journal),
    heads: createTable(journal),
    marks: createTable(journal),
    lastMarks: createTable(journal),
  }
}
