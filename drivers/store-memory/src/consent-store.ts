import type { Consent, ConsentStore } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { writeEvents } from './event-store.ts'

export function createConsentStore(database: Database): ConsentStore {
  return {
    give: (issuer, consent, events) =>
      database.act(issuer, (rows) => {
        const key = JSON.stringify([consent.subject, consent.client])
        rows.consents.put(key, widened(rows.consents.find(key), consent))
        writeEvents(rows, events)
      }),
    find: (issuer, subject, client) =>
      database.read(issuer, (rows) => rows.consents.find(JSON.stringify([subject, client]))),
  }
}

function widened(before: Consent | undefined, given: Consent): Consent {
  const scopes = new Set([...(before?.scopes ?? []), ...given.scopes])
  return { ...given, scopes: [...scopes] }
}
