import { randomBytes } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { type AccountStore, createAuthority, defineSettings } from '@jotwarden/authority'
import { createKeyring } from '@jotwarden/keyring'
import { createFileKeyStore, KeyEncryptionKey } from '@jotwarden/keystore-file'
import { createServer } from '@jotwarden/server'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { systemClock as clock, systemRandom as random } from 'jotwarden'
import { ACCESS_TOKEN_SECONDS, basicHeaders, FORM_HEADERS, RESOURCE, SCOPE, SUBJECT } from './fixture.ts'
import { listening, serveSubject } from './serve-subject.ts'

// The server that `jotwarden serve` starts, put together by hand: durable SQLite in the folder named first.

const [folder = ''] = process.argv.slice(2)
const oidcScope = process.argv.includes('--id-token') ? ['openid', 'offline_access'] : ['offline_access']

const httpServer = createHttpServer()
const port = await listening(httpServer)
const issuer = `http://127.0.0.1:${port}`
const stores = await openSqliteStores({ path: join(folder, 'jotwarden.db') })
const keyring = createKeyring({
  issuer,
  records: stores.keys,
  store: createFileKeyStore({ kek: new KeyEncryptionKey(randomBytes(32)) }),
  clock,
})
const person = {
  subject: SUBJECT,
  username: 'ada',
  name: null,
  email: null,
  emailVerified: false,
  disabled: false,
}
// As oidc-provider's findAccount is here: nobody signs in, and the person is found
const accounts: AccountStore = {
  verifyPassword: () => Promise.resolve({ verdict: 'refused' }),
  find: (subject) => Promise.resolve(subject === SUBJECT ? person : undefined),
}
const authority = await createAuthority({
  settings: defineSettings({
    issuer,
    accessTokenLifetime: ACCESS_TOKEN_SECONDS,
    resources: [{ identifier: RESOURCE, name: 'API', scopes: { [SCOPE]: 'Read' } }],
  }),
  stores,
  keyring,
  accounts,
  clock,
  random,
})
const server = createServer({ authority, loopback: true, health: () => stores.ping() })
const listener = getRequestListener((request, { incoming }) => {
  const address = incoming.socket.remoteAddress
  return server.fetch(request, address === undefined ? {} : { address })
})
httpServer.on('request', (incoming, outgoing) => void listener(incoming, outgoing))

const { client: service, secret } = await authority.clients.add({
  name: 'service',
  type: 'confidential',
  grantTypes: ['client_credentials'],
  scopes: [SCOPE],
})
const { client: app } = await authority.clients.add({
  name: 'app',
  type: 'public',
  applicationType: 'native',
  grantTypes: ['authorization_code', 'refresh_token'],
  redirectUris: ['http://127.0.0.1/callback'],
  scopes: [...oidcScope, SCOPE],
})

async function freshBody(): Promise<string> {
  const started = await authority.sessions.start({
    subject: SUBJECT,
    client: app.id,
    resources: [RESOURCE],
    authTime: Math.floor(clock.now()),
  })
  return `grant_type=refresh_token&client_id=${app.id}&refresh_token=${started.refresh_token}`
}

await serveSubject(
  port,
  {
    'client-credentials': {
      requests: {
        path: '/token',
        headers: basicHeaders(service.id, secret?.revealText() ?? ''),
        repeatable: true,
      },
      bodies: () => [`grant_type=client_credentials&scope=${encodeURIComponent(SCOPE)}`],
    },
    refresh: {
      requests: { path: '/token', headers: FORM_HEADERS, repeatable: false },
      async bodies(count) {
        const bodies: string[] = []
        // Together, so that the store can group their commits
        while (bodies.length < count) {
          const batch = Math.min(256, count - bodies.length)
          bodies.push(...(await Promise.all(Array.from({ length: batch }, freshBody))))
        }
        return bodies
      },
    },
  },
  async () => {
    httpServer.close()
    await stores.close()
  },
)
