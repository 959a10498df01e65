import type { Stores } from '@jotwarden/authority'
import { createAccountRecords } from './account-records.ts'
import { createClientStore } from './client-store.ts'
import { createCodeStore } from './code-store.ts'
import { createConsentStore } from './consent-store.ts'
import { createDatabase } from './database.ts'
import { createEventStore } from './event-store.ts'
import { createHolderRecords } from './holder-records.ts'
import { createKeyRecords } from './key-records.ts'
import { createLoginStore } from './login-store.ts'
import { prune } from './prune.ts'
import { createRevocationLog } from './revocation-log.ts'
import { createSessionStore } from './session-store.ts'

/** Every storage port, in this process's memory: atomic as promised, durable only as long as the process. */
export function createMemoryStores(): Stores {
  const database = createDatabase()
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
    dataVersion: () => database.version(),
    ping: () => database.ping(),
    close: () => database.close(),
  }
}
