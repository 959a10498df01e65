import { randomBytes } from 'node:crypto'
import {
  createAuthority,
  createLocalAccounts,
  defineSettings,
  type PasswordHasher,
} from '@jotwarden/authority'
import { createKeyring, type KeyStore } from '@jotwarden/keyring'
import { createServer, type Server } from '@jotwarden/server'
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
  /** The secret of the confidential client `shop`; `notes` is public and asks for consent. */
  readonly secret: string
}

export const PASSWORD = 'correct horse battery'
export const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-long'
export const CALLBACK = 'https://notes.example.org/cb'

/** A server over a true authority on memory, with a clock that stands still, a person and two clients. */
export async function world(issuer: string = 'https://auth.example.com'): Promise<World> {
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
    settings: defineSettings({ issuer }),
    stores,
    keyring,
    accounts,
    clock,
    random,
  })
  const scopes = ['openid', 'profile', 'email', 'offline_access']
  await authority.clients.add({
    id: 'notes',
    name: 'Harbour <Notes>',
    type: 'public',
    redirectUris: [CALLBACK],
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
  const { subject } = await accounts.add({
    username: 'ada',
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    password: Secret.fromText(PASSWORD),
  })
  const server = createServer({ authority, clock, health: () => stores.ping() })
  return { issuer, server, time, subject, secret: secret?.revealText() ?? '' }
}

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
