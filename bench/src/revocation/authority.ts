import { randomBytes } from 'node:crypto'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import {
  type AccountStore,
  type Authority,
  createAuthority,
  defineSettings,
  loginEnded,
} from '@jotwarden/authority'
import { createKeyring, type KeyRecord } from '@jotwarden/keyring'
import { createFileKeyStore, KeyEncryptionKey } from '@jotwarden/keystore-file'
import { createServer } from '@jotwarden/server'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { decodeUnverified, signJwt } from '@jotwarden/token'
import { systemClock as clock, systemRandom as random } from 'jotwarden'
import { RESOURCE, SCOPE } from '../subjects/fixture.ts'
import { listening } from '../subjects/serve-subject.ts'
import { answerOrders, steadyMilliseconds } from './worker.ts'

// The server that `jotwarden serve` starts, on durable SQLite in the folder named first, told over IPC what to take back.

const [folder = '', keys = '0'] = process.argv.slice(2)
const httpServer = createHttpServer()
const port = await listening(httpServer)
const issuer = `http://127.0.0.1:${port}`
const stores = await openSqliteStores({ path: join(folder, 'jotwarden.db') })
const keyStore = createFileKeyStore({ kek: new KeyEncryptionKey(randomBytes(32)) })
const spent = await addKeys(Number(keys))
const keyring = createKeyring({ issuer, records: stores.keys, store: keyStore, clock })
const accounts: AccountStore = {
  verifyPassword: () => Promise.resolve({ verdict: 'refused' }),
  find: () => Promise.resolve(undefined),
}
const authority = await createAuthority({
  settings: defineSettings({
    issuer,
    resources: [{ identifier: RESOURCE, name: 'API', scopes: { [SCOPE]: 'Read' } }],
    revocationQuota: 100_000,
  }),
  stores,
  keyring,
  accounts,
  clock,
  random,
})
const server = createServer({ authority, loopback: true, changes: () => stores.dataVersion() })
const listener = getRequestListener((request) => server.fetch(request))
/** The floor: a line to an open answer, without any log. */
const bare = new Set<ServerResponse>()
httpServer.on('request', (incoming, outgoing) => {
  if (incoming.url !== '/bare') return void listener(incoming, outgoing)
  outgoing.writeHead(200).flushHeaders()
  bare.add(outgoing)
  outgoing.on('close', () => bare.delete(outgoing))
})
const service = await authority.clients.add({ name: 'service', type: 'confidential', scopes: [SCOPE] })
const app = await authority.clients.add({
  name: 'app',
  type: 'public',
  applicationType: 'native',
  redirectUris: ['http://127.0.0.1/callback'],
  scopes: [SCOPE],
})
const reader = await authority.clients.add({ name: 'api', type: 'confidential', resource: RESOURCE })
const started = await authority.sessions.start({ subject: 'somebody', client: app.client.id })
let subjects = 0

answerOrders({
  where: () => ({
    issuer,
    audience: RESOURCE,
    reader: credentialOf(reader),
    service: credentialOf(service),
    app: app.client.id,
    refreshToken: started.refresh_token,
  }),
  mint: ({ kind }: { kind: Kind }) => mint(kind),
  async revoke({ kind, token, refreshToken }: { kind: Kind; token: string; refreshToken: string }) {
    await revocations(authority, refreshToken)[kind](decodeUnverified(token))
    return { answeredAt: steadyMilliseconds() }
  },
  say({ text }: { text: string }) {
    for (const answer of bare) answer.write(`${text}\n`)
    return { answeredAt: steadyMilliseconds() }
  },
  close: async () => {
    server.close()
    httpServer.close()
    httpServer.closeAllConnections()
    await stores.close()
  },
})
process.once('disconnect', () => process.exit(0))

type Kind = 'token' | 'session' | 'login' | 'subject' | 'client' | 'key' | 'issuer'
type Decoded = ReturnType<typeof decodeUnverified>

async function mint(kind: Kind): Promise<{ readonly token: string; readonly refreshToken: string }> {
  subjects += 1
  const issued = await authority.sessions.start({ subject: `person-${subjects}`, client: app.client.id })
  const refreshToken = issued.refresh_token ?? ''
  if (kind !== 'key' && kind !== 'login') return { token: issued.access_token, refreshToken }
  const { claims } = decodeUnverified(issued.access_token)
  if (kind === 'login')
    return {
      token: await resigned({ ...claims, login: `login-${subjects}` }, keyring.signer()),
      refreshToken,
    }
  const record = spent.pop()
  if (record === undefined) throw new Error('Cannot mint: every key has been spent')
  return { token: await resigned(claims, await keyStore.signer(record)), refreshToken }
}

function resigned(claims: Decoded['claims'], signer: Parameters<typeof signJwt>[1]): Promise<string> {
  return Promise.resolve(signJwt({ typ: 'at+jwt', claims }, signer))
}

/** What is asked of the authority, as its endpoints and commands ask it. */
function revocations(
  { revocation, sessions, keyring: ring }: Authority,
  refreshToken: string,
): Readonly<Record<Kind, (of: Decoded) => Promise<unknown>>> {
  return {
    token: ({ claims }) => revocation.revokeTokenId(String(claims.jti)),
    session: () => revocation.revokeToken(refreshToken),
    // As signing out does
    login: ({ claims }) => {
      const [now, id, subject] = [clock.now(), String(claims.login), String(claims.sub)]
      return stores.logins.end(issuer, id, now, () => loginEnded({ id, subject }, 'logout', now, 1000))
    },
    subject: ({ claims }) => sessions.end({ subject: String(claims.sub) }),
    client: () => sessions.end({ client: app.client.id }),
    key: ({ header }) => ring.compromise(header.kid ?? ''),
    issuer: () => revocation.revokeEverything(),
  }
}

function credentialOf({ client, secret }: Awaited<ReturnType<Authority['clients']['add']>>) {
  return { clientId: client.id, clientSecret: secret?.revealText() ?? '' }
}

/** Signing keys that still verify and never sign by themselves: each is spent on one compromise. */
async function addKeys(count: number): Promise<KeyRecord[]> {
  const now = Math.floor(clock.now())
  const records: KeyRecord[] = []
  for (let made = 0; made < count; made += 1) {
    const generated = await keyStore.generate({ issuer, purpose: 'token-signing', alg: 'ES256' })
    const dates = { createdAt: now, announcedAt: now, activatedAt: now, retiringAt: now }
    const none = { removableAt: null, retiredAt: null, compromisedAt: null }
    const what = {
      issuer,
      purpose: 'token-signing',
      alg: 'ES256',
      state: 'retiring',
      uses: 0,
      version: 1,
    } as const
    records.push({ ...what, ...generated, ...dates, ...none })
  }
  // One that may sign, since keys of a purpose that has any are never made by themselves
  const [first] = records
  if (first !== undefined) records.push({ ...first, ...(await fresh()), state: 'active', retiringAt: null })
  if (records.length > 0) await stores.keys.add(issuer, records, [])
  return records.filter(({ state }) => state === 'retiring')
}

function fresh() {
  return keyStore.generate({ issuer, purpose: 'token-signing', alg: 'ES256' })
}
