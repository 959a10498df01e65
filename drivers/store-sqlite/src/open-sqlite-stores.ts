import { resolve } from 'node:path'
import type { Stores } from '@jotwarden/authority'
import { createAccountRecords } from './account-records.ts'
import { createClientStore } from './client-store.ts'
import { createCodeStore } from './code-store.ts'
import { createConsentStore } from './consent-store.ts'
import { createDatabase } from './database.ts'
import { openDatabaseFile } from './database-file.ts'
import { createEventStore } from './event-store.ts'
import type { CommitObserver } from './group-commit.ts'
import { createHolderRecords } from './holder-records.ts'
import { createKeyRecords } from './key-records.ts'
import { createLoginStore } from './login-store.ts'
import { prune } from './prune.ts'
import { createRevocationLog } from './revocation-log.ts'
import { createSessionStore } from './session-store.ts'

export interface SqliteStoreOptions {
  /** The file; it and its folder are made, readable by their owner alone, if they are not there. */
  readonly path: string
  /** The most acts that share one commit. */
  readonly groupSize?: number
  /** How often an act waits, 25 ms at most each time, for another process to let go of the file. */
  readonly busyAttempts?: number
  /** Is told of commits. */
  readonly observer?: CommitObserver
}

/** Every storage port on one SQLite file. */
export type SqliteStores = Stores

/**
 * Opens the file, makes or migrates its schema, and gives every storage port on it. Several processes may open one file.
 * Rejects with `store/not-ours`, `store/newer-schema`, `store/file-mode`, `store/busy` or `store/failed`.
 */
export async function openSqliteStores(options: SqliteStoreOptions): Promise<SqliteStores> {
  const { writer, reader } = openDatabaseFile(resolve(options.path))
  const database = createDatabase(writer, reader, {
    groupSize: options.groupSize ?? 256,
    busyAttempts: options.busyAttempts ?? 200,
    observer: options.observer,
  })
  return {
    clients: createClientStore(database),
    accounts: createAccountRecords(database),
    logins: createLoginStore(database),
    consents: createConsentStore(database),
    codes: createCodeStore(database),
    sessions: createSessionStore(database),
    events: createEventStore(database),
    keys: createKeyRecords(database),
    holders: createHolderRecords(database),
    revocation: createRevocationLog(database),
    prune: (issuer, now, limit, eventsBefore) =>
      prune(database, issuer, { now, limit, eventsBefore: eventsBefore ?? null }),
    // An act, though one that writes nothing: a file that can be read may still be held or refuse a transaction.
    ping: () => database.act((connection) => void connection.get('PRAGMA user_version')),
    dataVersion: () => database.dataVersion(),
    close: () => database.close(),
  }
}
