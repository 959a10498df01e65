import type { Code, Consent, ConsentStore, Session } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { endSessions, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, writeRecording } from './revocation-log.ts'

export function createConsentStore(database: Database): ConsentStore {
  return {
    give: (issuer, consent, rev, events) =>
      database.act(issuer, (rows) => {
        const { subject, client } = consent
        if (isRevoked(rows, issuer, { subject, client, rev })) return 'revoked'
        const key = JSON.stringify([subject, client])
        rows.consents.put(key, widened(rows.consents.find(key), consent))
        writeEvents(rows, events)
        return 'given'
      }),
    find: (issuer, subject, client) =>
      database.read(issuer, (rows) => rows.consents.find(JSON.stringify([subject, client]))),
    list: (issuer, subject, { after, limit }) =>
      database.read(issuer, (rows) =>
        rows.consents
          .all()
          .filter((consent) => consent.subject === subject && consent.client > after)
          .toSorted((a, b) => (a.client < b.client ? -1 : 1))
          .slice(0, limit),
      ),
    withdraw: (issuer, { subject, client }, cause, now, record) =>
      database.act(issuer, (rows) => {
        const isMeant = (row: Session | Code): boolean => row.subject === subject && row.client === client
        const key = JSON.stringify([subject, client])
        const consent = rows.consents.find(key)
        rows.consents.remove(key)
        const withdrawal = { consent, sessions: endSessions(rows, isMeant, cause, now) }
        voidCodes(rows, isMeant)
        writeRecording(rows, record(withdrawal))
        return withdrawal
      }),
  }
}

function widened(before: Consent | undefined, given: Consent): Consent {
  const scopes = new Set([...(before?.scopes ?? []), ...given.scopes])
  return { ...given, scopes: [...scopes] }
}
