import { CLIENT_ID } from './client-authentication.ts'
import type { Client } from './client-store.ts'
import { redirectUriFault } from './redirect-uri.ts'
import type { Resources } from './resources.ts'

/** Something that a client may not have, and what would be right. */
export interface ClientFault {
  readonly member: keyof Client
  readonly what: string
  readonly remedy: string
}

/** Everything that is wrong with a client that is to be registered. */
export function clientFaults(client: Client, resources: Resources): readonly ClientFault[] {
  return [
    ...nameFaults(client),
    ...uriFaults(client, 'redirectUris'),
    ...uriFaults(client, 'postLogoutRedirectUris'),
    ...resourceFaults(client, resources),
    ...grantFaults(client),
    ...client.scopes
      .filter((scope) => !resources.scopes.has(scope))
      .map((scope) => ({
        member: 'scopes' as const,
        what: `the scope ${scope}`,
        remedy: `declare it with a resource; known are ${[...resources.scopes.keys()].join(', ')}`,
      })),
  ]
}

function nameFaults({ id, name }: Client): readonly ClientFault[] {
  const faults: ClientFault[] = []
  // RFC 9700 §4.15: the ids of clients and of people must not collide.
  if (!CLIENT_ID.test(id) || id.startsWith('usr_'))
    faults.push({
      member: 'id',
      what: 'its id',
      remedy: 'use 1 to 128 letters, digits and . _ ~ - and do not begin with usr_',
    })
  if (name.trim() === '' || name.length > 100 || /\p{Cc}/u.test(name))
    faults.push({ member: 'name', what: 'its name', remedy: 'use 1 to 100 printable characters' })
  return faults
}

function uriFaults(
  client: Client,
  member: 'redirectUris' | 'postLogoutRedirectUris',
): readonly ClientFault[] {
  return client[member].flatMap((uri) => {
    const fault = redirectUriFault(uri, client.applicationType)
    if (fault === undefined) return []
    const what = `the redirect URI ${uri}, which ${fault}`
    return [{ member, what, remedy: 'use https, or for native apps a loopback or private-use URI' }]
  })
}

function resourceFaults({ resource, type }: Client, { identifiers }: Resources): readonly ClientFault[] {
  if (resource === null) return []
  if (type === 'public')
    return [
      {
        member: 'resource',
        what: 'a resource',
        remedy: 'only confidential clients can prove who they are',
      },
    ]
  if (identifiers.has(resource)) return []
  const known = [...identifiers].join(', ') || 'none yet'
  return [
    {
      member: 'resource',
      what: `the resource ${resource}`,
      remedy: `declare it in the configuration; known are ${known}`,
    },
  ]
}

function grantFaults({ grantTypes, redirectUris, resource, type }: Client): readonly ClientFault[] {
  const faults: ClientFault[] = []
  const fault = (what: string, remedy: string) => faults.push({ member: 'grantTypes', what, remedy })
  if (grantTypes.length === 0 && resource === null) fault('its grant types', 'name at least one')
  if (grantTypes.includes('authorization_code') && redirectUris.length === 0)
    fault('authorization_code without a redirect URI', 'register the exact address the app receives codes at')
  if (grantTypes.includes('client_credentials') && type === 'public')
    fault('client_credentials', 'only confidential clients can prove who they are')
  return faults
}
