import { createHash } from 'node:crypto'
import type { Client, ClientSecret } from '@jotwarden/authority'
import type { DevelopmentUrls } from './dev-state.ts'

/**
 * The account and the clients of development mode. Their secrets stand in this file for everybody to read; that is why
 * they are seeded on loopback only, and why `jotwarden serve` without --dev refuses a store that holds them.
 */
export const developmentAccount = {
  username: 'dev',
  name: 'Dev Example',
  email: 'dev@example.com',
  password: 'jotwarden-development',
} as const

/** A client of development mode with its secret, which is public knowledge. */
export interface DevelopmentClient {
  readonly client: Client
  readonly secret: string | null
}

/** The sample web application, a command-line tool, a service without people, and the sample API itself. */
export function developmentClients(
  { webApp, api }: Pick<DevelopmentUrls, 'webApp' | 'api'>,
  createdAt: number,
): readonly DevelopmentClient[] {
  const base = { consent: 'ask', postLogoutRedirectUris: [], resource: null, createdAt } as const
  const reader = 'development-only-secret-of-dev-api'
  const web = 'development-only-secret-of-dev-web'
  const service = 'development-only-secret-of-dev-service'
  return [
    {
      secret: web,
      client: {
        ...base,
        id: 'dev-web',
        name: 'Sample web app',
        type: 'confidential',
        applicationType: 'web',
        secrets: [secretOf(web, createdAt)],
        redirectUris: [`${webApp}/callback`],
        postLogoutRedirectUris: [`${webApp}/`],
        grantTypes: ['authorization_code', 'refresh_token'],
        scopes: ['openid', 'profile', 'email', 'offline_access', 'orders:read'],
      },
    },
    {
      secret: null,
      client: {
        ...base,
        id: 'dev-cli',
        name: 'Sample command-line tool',
        type: 'public',
        applicationType: 'native',
        secrets: [],
        redirectUris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
        grantTypes: ['authorization_code', 'refresh_token'],
        scopes: ['openid', 'profile', 'email', 'offline_access', 'orders:read'],
      },
    },
    {
      secret: service,
      client: {
        ...base,
        id: 'dev-service',
        name: 'Sample service',
        type: 'confidential',
        applicationType: 'web',
        secrets: [secretOf(service, createdAt)],
        redirectUris: [],
        grantTypes: ['client_credentials'],
        scopes: ['orders:read'],
      },
    },
    {
      secret: reader,
      client: {
        ...base,
        id: 'dev-api',
        name: 'Sample API',
        type: 'confidential',
        applicationType: 'web',
        secrets: [secretOf(reader, createdAt)],
        redirectUris: [],
        grantTypes: [],
        scopes: [],
        resource: api,
      },
    },
  ]
}

/** How clients' secrets are kept: base64url of the SHA-256 of the text. */
function secretOf(text: string, createdAt: number): ClientSecret {
  const hash = createHash('sha256').update(text).digest('base64url')
  return { id: 'dev', hash, origin: 'made', createdAt, endsAt: null, usedAt: null }
}
