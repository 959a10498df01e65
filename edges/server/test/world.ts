import { randomBytes } from 'node:crypto'
import {
  type AccountStore,
  type Authority,
  createAuthority,
  createLocalAccounts,
  defineSettings,
  type LocalAccounts,
  type PasswordHasher,
  type Stores,
} from '@jotwarden/authority'
import { createKeyring, type KeyStore } from '@jotwarden/keyring'
import { createServer, type Server, type ServerOptions } from '@jotwarden/server'
import { createMemoryStores } from '@jotwarden/store-memory'
import {
  encodeBase64url,
  generateKeyPair,
  importSignKey,
  Secret,
  type Signer,
  signerOf,
} from '@jotwarden/token'

export interface World {
  readonly issuer: string
  readonly server: Server
  readonly time: { now: number }
  readonly subject: string
  readonly authority: Authority
  readonly stores: Stores
  readonly accounts: LocalAccounts
  /** The secret of the confidential client `shop`; `notes` is public and asks for consent. */
  readonly secret: string
  /** The `Authorization` header of `shop`, or of the resource servers `api` and `mail`. */
  basic(client: 'shop' | 'api' | 'mail'): { readonly authorization: string }
  /** Asks the server, over TLS. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Sends a form. */
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>
}

/** How the server of a world differs. */
export interface WorldOptions extends Pick<ServerOptions, 'changes' | 'feed' | 'logger'> {
  /** Puts something between the server and its authority. */
  readonly between?: (authority: Authority, stores: Stores) => Authority
  /** The people of a host application, in place of the authority's own. */
  readonly people?: AccountStore
}

export const PASSWORD = 'correct horse battery'
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-long'
export const CALLBACK = 'https://notes.example.org/cb'
export const FAREWELL = 'https://notes.example.org/bye?from=auth'
export const API = 'https://api.example.org'
const MAIL = 'https://mail.example.org'

/**
 * A server over a true authority on memory, with a clock that stands still, a person, two clients, and two resource
 * servers.
 */
export async function world(
  issuer: string = 'https://auth.example.com',
  { between = (same) => same, people, ...options }: WorldOptions = {},
): Promise<World> {
  const time = { now: 1_800_000_000 }
  const clock = { now: () => time.now }
  const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const stores = createMemoryStores()
  const keyring = createKeyring({ issuer, records: stores.keys, store: memoryKeyStore(), clock })
  const accounts = createLocalAccounts({
    issuer,
    records: stores.accounts,
    hasher: plainHasher(),
    clock,
    random,
  })
  const authority = await createAuthority({
    settings: defineSettings({ issuer, resources: RESOURCES }),
    stores,
    keyring,
    accounts: people ?? accounts,
    clock,
    random,
  })
  const scopes = ['openid', 'profile', 'email', 'offline_access', 'notes:read', 'mail:read']
  await authority.clients.add({
    id: 'notes',
    name: 'Harbour <Notes>',
    type: 'public',
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: [FAREWELL],
    scopes,
  })
  const { secret } = await authority.clients.add({
    id: 'shop',
    name: 'Shop',
    type: 'confidential',
    redirectUris: ['https://shop.example.org/cb'],
    scopes,
    consent: 'trusted',
  })
  const api = await addResourceServer(authority, 'api', API)
  const mail = await addResourceServer(authority, 'mail', MAIL)
  const { subject } = await accounts.add({
    username: 'ada',
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    password: Secret.fromText(PASSWORD),
  })
  const server = createServer({
    authority: between(authority, stores),
    clock,
    health: () => stores.ping(),
    ...options,
  })
  const secrets = { shop: secret?.revealText() ?? '', api, mail }
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    server.fetch(new Request(issuer + path, init), { encrypted: true })
  return {
    issuer,
    server,
    time,
    subject,
    authority,
    stores,
    accounts,
    secret: secrets.shop,
    basic: (client) => ({
      authorization: `Basic ${Buffer.from(`${client}:${secrets[client]}`).toString('base64')}`,
    }),
    ask,
    post: (path, form, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
  }
}

async function addResourceServer(authority: Authority, id: string, resource: string): Promise<string> {
  const { secret } = await authority.clients.add({ id, name: id, type: 'confidential', resource })
  return secret?.revealText() ?? ''
}

const RESOURCES = [
  { identifier: API, name: 'Notes API', scopes: { 'notes:read': 'Read your notes' } },
  { identifier: MAIL, name: 'Mail API', scopes: { 'mail:read': 'Read your mail' } },
]

function memoryKeyStore(): KeyStore {
  const signers = new Map<string, Signer>()
  const secrets = new Map<string, Uint8Array>()
  return {
    name: 'test',
    async generate({ purpose }) {
      if (purpose === 'token-signing') {
        const { privateJwk, publicJwk } = generateKeyPair('ES256')
        const signer = signerOf(importSignKey(privateJwk))
        signers.set(signer.kid, signer)
        return { kid: signer.kid, publicJwk, wrapped: 'kept' }
      }
      const kid = encodeBase64url(new Uint8Array(randomBytes(8)))
      secrets.set(kid, new Uint8Array(randomBytes(32)))
      return { kid, publicJwk: null, wrapped: 'kept' }
    },
    async signer({ kid }) {
      const signer = signers.get(kid)
      if (signer === undefined) throw new Error('Cannot open the key: there is none')
      return signer
    },
    secret: async ({ kid }) => Secret.fromBytes(new Uint8Array(secrets.get(kid) ?? [])),
  }
}

/** No stretching, so that tests are fast; the real one is tested where it lives. */
function plainHasher(): PasswordHasher {
  return {
    hash: async (password) => `plain$${password.revealText()}`,
    verify: async (password, phc) => (phc === `plain$${password.revealText()}` ? 'match' : 'mismatch'),
    close: async () => {},
  }
}
