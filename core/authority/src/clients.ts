import type { Clock, Random, Secret } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import { clientFaults } from './client-faults.ts'
import { type ClientImport, createClientImport } from './client-import.ts'
import {
  createSecretAdministration,
  madeSecret,
  newSecretText,
  type SecretAdministration,
} from './client-secret-administration.ts'
import type { Client, ClientStore, GrantType } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import { randomId } from './random-id.ts'
import { NOTHING, noted } from './recording.ts'
import type { Resources } from './resources.ts'
import { clientRevoked, together } from './revoked.ts'
import type { Settings } from './settings.ts'

/** A client to be registered. */
export interface NewClient {
  /** Random unless given. */
  readonly id?: string
  readonly name: string
  readonly type: 'public' | 'confidential'
  /** `web` unless given. */
  readonly applicationType?: 'web' | 'native'
  readonly redirectUris?: readonly string[]
  /** `authorization_code` and `refresh_token` with redirect URIs, `client_credentials` without, none for a resource server, unless given. */
  readonly grantTypes?: readonly GrantType[]
  readonly scopes?: readonly string[]
  /** Where a browser may be sent after it was signed out. */
  readonly postLogoutRedirectUris?: readonly string[]
  /** The resource server it is, by its identifier: it may read the revocation feed and introspect tokens for it. */
  readonly resource?: string
  /** `ask` unless given. */
  readonly consent?: 'ask' | 'trusted'
}

/** Registers, lists and removes clients. */
export interface ClientAdministration extends SecretAdministration, ClientImport {
  /** The secret of a confidential client is answered here and never again. Throws `authority/client-invalid`, `authority/client-exists`. */
  add(request: NewClient): Promise<{ readonly client: Client; readonly secret: Secret | null }>
  find(id: string): Promise<Client | undefined>
  list(): Promise<readonly Client[]>
  /** Removes it and ends its sessions. Throws `authority/client-unknown`. */
  remove(id: string): Promise<void>
}

export interface ClientAdministrationParts {
  readonly settings: Settings
  readonly clients: ClientStore
  readonly accounts: Pick<AccountStore, 'find'>
  readonly clock: Clock
  readonly random: Random
}

export function createClientAdministration(parts: ClientAdministrationParts): ClientAdministration {
  const { clients, accounts, clock, random } = parts
  const { issuer, resources } = parts.settings
  return {
    async add(request) {
      const now = clock.now()
      const secret = request.type === 'confidential' ? newSecretText(random) : null
      const client: Client = {
        id: request.id ?? randomId(random),
        name: request.name,
        type: request.type,
        applicationType: request.applicationType ?? 'web',
        secrets: secret === null ? [] : [madeSecret(secret, random, now)],
        redirectUris: [...new Set(request.redirectUris ?? [])],
        grantTypes: [...new Set(request.grantTypes ?? defaultGrantTypes(request))],
        scopes: [...new Set(request.scopes ?? [])],
        consent: request.consent ?? 'ask',
        postLogoutRedirectUris: [...new Set(request.postLogoutRedirectUris ?? [])],
        resource: request.resource ?? null,
        createdAt: now,
      }
      checkClient(client, resources)
      if ((await accounts.find(client.id)) !== undefined) throw namesake()
      const event = { type: 'client-added', at: client.createdAt, client: client.id } as const
      if ((await clients.add(issuer, client, [event])) === 'added') return { client, secret }
      throw new AuthorityError('authority/client-exists', `Cannot add the client: ${client.id} is taken`)
    },
    ...createSecretAdministration({ issuer, clients, clock, random }),
    ...createClientImport(parts),
    find: (id) => clients.find(issuer, id),
    list: () => clients.list(issuer),
    async remove(id) {
      const now = clock.now()
      const removed = await clients.remove(issuer, id, now, (outcome) =>
        outcome === 'removed'
          ? together(
              noted({ type: 'client-removed', at: now, client: id }),
              clientRevoked(id, 'client-removed', now),
            )
          : NOTHING,
      )
      if (removed === 'unknown')
        throw new AuthorityError(
          'authority/client-unknown',
          'Cannot remove the client: no client has this id',
        )
    },
  }
}

/** RFC 9700 §4.15: a token in the client's own name would have the person's `sub`. */
function namesake(): AuthorityError {
  return new AuthorityError(
    'authority/client-invalid',
    'Cannot add the client: its id is the subject of a person; use another id',
  )
}

function defaultGrantTypes(request: NewClient): readonly GrantType[] {
  if ((request.redirectUris ?? []).length > 0) return ['authorization_code', 'refresh_token']
  return request.resource === undefined ? ['client_credentials'] : []
}

/** Throws `authority/client-invalid`, saying what is wrong and what would be right. */
function checkClient(client: Client, resources: Resources): void {
  const [fault] = clientFaults(client, resources)
  if (fault !== undefined)
    throw new AuthorityError(
      'authority/client-invalid',
      `Cannot add the client: it may not have ${fault.what}; ${fault.remedy}`,
    )
}
