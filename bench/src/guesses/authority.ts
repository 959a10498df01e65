import { randomBytes } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { createAuthority, createLocalAccounts, defineSettings } from '@jotwarden/authority'
import { createArgon2Hasher } from '@jotwarden/hasher-argon2'
import { createKeyring } from '@jotwarden/keyring'
import { createFileKeyStore, KeyEncryptionKey } from '@jotwarden/keystore-file'
import { createServer } from '@jotwarden/server'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { Secret } from '@jotwarden/token'
import { systemClock as clock, systemRandom as random } from 'jotwarden'
import { answerOrders } from '../revocation/worker.ts'
import { listening } from '../subjects/serve-subject.ts'

// What `jotwarden serve` starts, on durable SQLite in the folder named first, with one person, behind a proxy on loopback.

const [folder = ''] = process.argv.slice(2)
const httpServer = createHttpServer()
const issuer = `http://127.0.0.1:${await listening(httpServer)}`
const stores = await openSqliteStores({ path: join(folder, 'jotwarden.db') })
const hasher = createArgon2Hasher()
const accounts = createLocalAccounts({ issuer, records: stores.accounts, hasher, clock, random })
const store = createFileKeyStore({ kek: new KeyEncryptionKey(randomBytes(32)) })
const authority = await createAuthority({
  settings: defineSettings({ issuer }),
  stores,
  keyring: createKeyring({ issuer, records: stores.keys, store, clock }),
  accounts,
  clock,
  random,
})
const server = createServer({
  authority,
  loopback: true,
  trustedProxies: ['127.0.0.1'],
  changes: () => stores.dataVersion(),
})
const listener = getRequestListener((request, { incoming }) => {
  const address = incoming.socket.remoteAddress
  return server.fetch(request, address === undefined ? {} : { address })
})
httpServer.on('request', (incoming, outgoing) => void listener(incoming, outgoing))

answerOrders({
  async open({ names, password }: { names: readonly string[]; password: string }) {
    for (const username of names) await accounts.add({ username, password: Secret.fromText(password) })
    const { client } = await authority.clients.add({
      name: 'app',
      type: 'public',
      redirectUris: ['https://app.example.com/callback'],
      scopes: ['openid'],
      consent: 'trusted',
    })
    return { issuer, app: client.id }
  },
  close: async () => {
    server.close()
    httpServer.close()
    httpServer.closeAllConnections()
    await hasher.close()
    await stores.close()
  },
})
process.once('disconnect', () => process.exit(0))
