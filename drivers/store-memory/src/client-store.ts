import {
  type ClientSecret,
  type ClientStore,
  decideSecretEnd,
  decideSecretRotation,
  type EndCause,
  notedUse,
} from '@jotwarden/authority'
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
    addAll: (issuer, clients, onTaken, record) =>
      database.act(issuer, (rows) => {
        const taken = clients.filter(({ id }) => rows.clients.find(id) !== undefined)
        const refused = onTaken === 'refuse' && taken.length > 0
        const added = refused ? [] : clients.filter((client) => !taken.includes(client))
        for (const client of added) rows.clients.put(client.id, client)
        const answer = { added: added.map(({ id }) => id), taken: taken.map(({ id }) => id) }
        writeRecording(rows, record(answer))
        return answer
      }),
    find: (issuer, id) => database.read(issuer, (rows) => rows.clients.find(id)),
    list: (issuer) =>
      database.read(issuer, (rows) => rows.clients.all().toSorted((a, b) => (a.id < b.id ? -1 : 1))),
    rotateSecret: (issuer, rotation, record) =>
      database.act(issuer, (rows) => {
        const { outcome, secrets } = decideSecretRotation(rows.clients.find(rotation.client), rotation)
        if (outcome === 'rotated') {
          putSecrets(rows, rotation.client, secrets)
          if (rotation.endsGrants) endGrants(rows, rotation.client, 'secret-replaced', rotation.now)
        }
        writeRecording(rows, record(outcome))
        return outcome
      }),
    endSecret: (issuer, { client, secret, now }, record) =>
      database.act(issuer, (rows) => {
        const { outcome, secrets } = decideSecretEnd(rows.clients.find(client), secret, now)
        if (outcome === 'ended') putSecrets(rows, client, secrets)
        writeRecording(rows, record(outcome))
        return outcome
      }),
    noteSecretUse: (issuer, client, secret, at) =>
      database.act(issuer, (rows) => {
        const secrets = notedUse(rows.clients.find(client), secret, at)
        if (secrets !== undefined) putSecrets(rows, client, secrets)
      }),
    remove: (issuer, id, now, record) =>
      database.act(issuer, (rows) => {
        const outcome = rows.clients.find(id) === undefined ? 'unknown' : 'removed'
        if (outcome === 'removed') removeClient(rows, id, now)
        writeRecording(rows, record(outcome))
        return outcome
      }),
  }
}

function putSecrets(rows: Rows, id: string, secrets: readonly ClientSecret[]): void {
  const client = rows.clients.find(id)
  if (client !== undefined) rows.clients.put(id, { ...client, secrets })
}

function endGrants(rows: Rows, client: string, cause: EndCause, now: number): void {
  endSessions(rows, (session) => session.client === client, cause, now)
  voidCodes(rows, (code) => code.client === client)
}

function removeClient(rows: Rows, id: string, now: number): void {
  rows.clients.remove(id)
  endGrants(rows, id, 'client-removed', now)
  for (const consent of rows.consents.all()) {
    if (consent.client === id) rows.consents.remove(JSON.stringify([consent.subject, id]))
  }
}
