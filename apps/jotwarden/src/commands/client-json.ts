import type { Client } from '@jotwarden/authority'

import { secretJson } from './secret-text.ts'

/** What programs are told of a client, in the words of its registration (RFC 7591 §2); never the hash of a secret. */
export function clientJson(client: Client): Record<string, unknown> {
  return {
    client_id: client.id,
    client_name: client.name,
    type: client.type,
    application_type: client.applicationType,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    grant_types: client.grantTypes,
    scope: client.scopes.join(' '),
    consent: client.consent,
    resource: client.resource,
    secrets: client.secrets.map(secretJson),
  }
}
