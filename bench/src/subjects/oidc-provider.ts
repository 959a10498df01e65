import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js'
import { ACCESS_TOKEN_SECONDS, basicHeaders, FORM_HEADERS, RESOURCE, SCOPE, SUBJECT } from './fixture.ts'
import { listening, serveSubject } from './serve-subject.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const secret = randomBytes(32).toString('base64url')
const oidcScope = process.argv.includes('--id-token') ? 'openid offline_access' : 'offline_access'
// Its own map drops rows beyond a thousand, which the prepared sessions need
const rows = new Map<string, unknown>()

const server = createServer()
const port = await listening(server)
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: (model: string) => new MemoryAdapter(model, rows),
  clients: [
    {
      client_id: 'service',
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: 'ES256',
    },
    {
      client_id: 'app',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: ['http://127.0.0.1/callback'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' }] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPE,
        audience: RESOURCE,
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  pkce: { required: () => true },
  scopes: ['openid', 'offline_access', SCOPE],
  ttl: {
    ClientCredentials: ACCESS_TOKEN_SECONDS,
    AccessToken: ACCESS_TOKEN_SECONDS,
    IdToken: 600,
    Grant: 604_800,
    RefreshToken: 604_800,
  },
  findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
})
server.on('request', provider.callback())

async function freshRefreshToken(client: object): Promise<string> {
  const grant = new provider.Grant({ accountId: SUBJECT, clientId: 'app' })
  grant.addOIDCScope(oidcScope)
  grant.addResourceScope(RESOURCE, SCOPE)
  const refreshToken = new provider.RefreshToken({
    client,
    accountId: SUBJECT,
    grantId: await grant.save(),
    gty: 'authorization_code',
    scope: `${oidcScope} ${SCOPE}`,
    resource: RESOURCE,
    authTime: Math.floor(Date.now() / 1000),
    expiresWithSession: false,
  })
  return refreshToken.save()
}

await serveSubject(
  port,
  {
    'client-credentials': {
      requests: { path: '/token', headers: basicHeaders('service', secret), repeatable: true },
      bodies: () => [`grant_type=client_credentials&scope=${encodeURIComponent(SCOPE)}`],
    },
    refresh: {
      requests: { path: '/token', headers: FORM_HEADERS, repeatable: false },
      async bodies(count) {
        const client = await provider.Client.find('app')
        const bodies: string[] = []
        while (bodies.length < count) {
          const token = await freshRefreshToken(client)
          bodies.push(`grant_type=refresh_token&client_id=app&refresh_token=${token}`)
        }
        return bodies
      },
    },
  },
  () => void server.close(),
)
