import type { GrantType, ImportedClient } from '@jotwarden/authority'

/** What a member of a client in the file is called, in the words of RFC 7591 §2 where it has one, after what it becomes. */
export const memberNames: Readonly<Record<keyof ImportedClient, string>> = {
  id: 'client_id',
  secret: 'client_secret',
  name: 'client_name',
  type: 'token_endpoint_auth_method',
  applicationType: 'application_type',
  redirectUris: 'redirect_uris',
  postLogoutRedirectUris: 'post_logout_redirect_uris',
  grantTypes: 'grant_types',
  scopes: 'scope',
  consent: 'consent',
  resource: 'resource',
}

/** What others export and nothing here depends on. */
export const ignoredMembers: readonly string[] = [
  'client_id_issued_at',
  'client_uri',
  'logo_uri',
  'tos_uri',
  'policy_uri',
  'contacts',
  'software_id',
  'software_version',
]

/** The ways to authenticate that there are (RFC 7591 §2), and whether a client that uses one can keep a secret. */
export const authMethods: ReadonlyMap<string, ImportedClient['type']> = new Map([
  ['none', 'public'],
  ['client_secret_basic', 'confidential'],
  ['client_secret_post', 'confidential'],
])

export const grantTypes: readonly GrantType[] = ['authorization_code', 'refresh_token', 'client_credentials']
