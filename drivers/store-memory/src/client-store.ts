import type { ClientStore } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { endSessions, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { writeRecording } from './revocation-log.ts'
import type { Rows } from './rows.ts'

export function createClientStore(database: Database): ClientStore {
  return {
    add: (issuer, client, events) =>
      database.act(issuer, (rows) => {
        if (rows.clients.find(client.id) !== undefined) return 'exists'
        rows.clients.put(client.id, client)
        writeEvents(rows, events)
        return 'added'
      }),
    find: (issuer, id) => database.read(issuer, (rows) => rows.clients.find(id)),
    list: (issuer) =>
      database.read(issuer, (rows) => rows.clients.all().toSorted((a, b) => (a.id < b.id ? -1 : 1))),
    remove: (issuer, id, now, record) =>
      database.act(issuer, (rows) => {
        const outcome = rows.clients.find(id) === undefined ? 'unknown' : 'removed'
        if (outcome === 'removed') removeClient(rows, id, now)
        writeRecording(rows, record(outcome))
        return outcome
      }),
  }
}

function removeClient(rows: Rows, id: string, now: number): void {
  rows.clients.remove(id)
  endSessions(rows, (session) => session.client === id, 'client-removed', now)
  voidCodes(rows, (code) => code.client === id)
  for (const consent of rows.consents.all()) {
    if (consent.client === id) rows.consents.remove(JSON.stringify([consent.subject, id]))
  }
}
