import type { SQLInputValue } from 'node:sqlite'
import {
  type Client,
  type ClientStore,
  decideSecretEnd,
  decideSecretRotation,
  type EndCause,
  type GrantType,
  notedUse,
} from '@jotwarden/authority'
import { secretsFrom, textOfSecrets, writeSecrets } from './client-secrets.ts'
import { list, number, text, textOrNull } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { endSessions, voidCodes } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { writeRecording } from './revocation-log.ts'

export function createClientStore(database: Database): ClientStore {
  const known = createKnownClients()
  return {
    add: (issuer, client, events) =>
      database.act((connection) => {
        if (findClient(connection, issuer, client.id) !== undefined) return 'exists'
        connection.insert('clients', rowOfClient(issuer, client))
        writeEvents(connection, issuer, events)
        return 'added'
      }),
    addAll: (issuer, clients, onTaken, record) =>
      database.act((connection) => {
        const taken = clients.filter(({ id }) => findClient(connection, issuer, id) !== undefined)
        const refused = onTaken === 'refuse' && taken.length > 0
        const added = refused ? [] : clients.filter((client) => !taken.includes(client))
        for (const client of added) connection.insert('clients', rowOfClient(issuer, client))
        const answer = { added: added.map(({ id }) => id), taken: taken.map(({ id }) => id) }
        writeRecording(connection, issuer, record(answer))
        return answer
      }),
    find: (issuer, id) =>
      database.read((connection) =>
        known.find(connection, `${issuer}\n${id}`, () => findClient(connection, issuer, id)),
      ),
    list: (issuer) =>
      database.read((connection) =>
        connection.all('SELECT * FROM clients WHERE issuer = ? ORDER BY id', issuer).map(clientFrom),
      ),
    rotateSecret: (issuer, rotation, record) =>
      database.act((connection) => {
        const { client, endsGrants, now } = rotation
        const decided = decideSecretRotation(findClient(connection, issuer, client), rotation)
        if (decided.outcome === 'rotated') {
          writeSecrets(connection, issuer, client, decided.secrets)
          if (endsGrants) endGrants(connection, issuer, client, 'secret-replaced', now)
        }
        writeRecording(connection, issuer, record(decided.outcome))
        return decided.outcome
      }),
    endSecret: (issuer, { client, secret, now }, record) =>
      database.act((connection) => {
        const { outcome, secrets } = decideSecretEnd(findClient(connection, issuer, client), secret, now)
        if (outcome === 'ended') writeSecrets(connection, issuer, client, secrets)
        writeRecording(connection, issuer, record(outcome))
        return outcome
      }),
    noteSecretUse: (issuer, client, secret, at) =>
      database.act((connection) => {
        const secrets = notedUse(findClient(connection, issuer, client), secret, at)
        if (secrets !== undefined) writeSecrets(connection, issuer, client, secrets)
      }),
    remove: (issuer, id, now, record) =>
      database.act((connection) => {
        const removed = connection.run('DELETE FROM clients WHERE issuer = ? AND id = ?', issuer, id)
        const outcome = removed === 0 ? 'unknown' : 'removed'
        if (outcome === 'removed') endClient(connection, issuer, id, now)
        writeRecording(connection, issuer, record(outcome))
        return outcome
      }),
  }
}

/** Clients as they were read since the file last changed: they are asked for at every request and hardly ever change. */
function createKnownClients() {
  const clients = new Map<string, Client | undefined>()
  let version: unknown
  return {
    find(connection: Connection, name: string, read: () => Client | undefined): Client | undefined {
      // On a connection that only reads, this moves with every commit of any other, in this process or another.
      const now = connection.get('PRAGMA data_version')?.data_version
      if (now !== version || clients.size >= MOST_KNOWN) clients.clear()
      version = now
      if (!clients.has(name)) clients.set(name, read())
      return clients.get(name)
    },
  }
}

function endGrants(
  connection: Connection,
  issuer: string,
  client: string,
  cause: EndCause,
  now: number,
): void {
  endSessions(connection, issuer, { column: 'client', value: client }, cause, now)
  voidCodes(connection, issuer, { column: 'client', value: client })
}

function endClient(connection: Connection, issuer: string, id: string, now: number): void {
  endGrants(connection, issuer, id, 'client-removed', now)
  connection.run('DELETE FROM consents WHERE issuer = ? AND client = ?', issuer, id)
}

function findClient(connection: Connection, issuer: string, id: string): Client | undefined {
  const row = connection.get('SELECT * FROM clients WHERE issuer = ? AND id = ?', issuer, id)
  return row === undefined ? undefined : clientFrom(row)
}

/** Frozen, since one object is given to all who ask. */
function clientFrom(row: SqlRow): Client {
  return Object.freeze<Client>({
    id: text(row, 'id'),
    name: text(row, 'name'),
    type: text(row, 'type') as Client['type'],
    applicationType: text(row, 'application_type') as Client['applicationType'],
    secrets: secretsFrom(row),
    redirectUris: Object.freeze(list(row, 'redirect_uris')),
    grantTypes: Object.freeze(list(row, 'grant_types')) as readonly GrantType[],
    scopes: Object.freeze(list(row, 'scopes')),
    consent: text(row, 'consent') as Client['consent'],
    postLogoutRedirectUris: Object.freeze(list(row, 'post_logout_redirect_uris')),
    resource: textOrNull(row, 'resource'),
    createdAt: number(row, 'created_at'),
  })
}

function rowOfClient(issuer: string, client: Client): Readonly<Record<string, SQLInputValue>> {
  return {
    issuer,
    id: client.id,
    name: client.name,
    type: client.type,
    application_type: client.applicationType,
    secrets: textOfSecrets(client.secrets),
    redirect_uris: JSON.stringify(client.redirectUris),
    grant_types: JSON.stringify(client.grantTypes),
    scopes: JSON.stringify(client.scopes),
    consent: client.consent,
    post_logout_redirect_uris: JSON.stringify(client.postLogoutRedirectUris),
    resource: client.resource,
    created_at: client.createdAt,
  }
}

const MOST_KNOWN = 1000
