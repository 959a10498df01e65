import { createAuthority, defineSettings } from '@jotwarden/authority'
import { createKeyring, type KeyStore } from '@jotwarden/keyring'
import { createMemoryStores } from '@jotwarden/store-memory'
import {
  decodeUnverified,
  encodeBase64url,
  generateKeyPair,
  importSignKey,
  Secret,
  type Signer,
  signerOf,
  verify,
} from '@jotwarden/token'
import { expect, test } from 'vitest'
import { authorize, basic, form, ISSUER, redeem, refresh, world } from './world.ts'

test('no token holds the name, username or e-mail of its person: they are asked for at userinfo', async () => {
  const made = await world()
  const scope = 'openid profile email orders:read'
  const tokens = await redeem(made, (await authorize(made, { scope })).get('code') ?? '')
  expect(tokens.scope).toBe(scope)
  for (const token of [tokens.access_token, tokens.id_token ?? '']) {
    const { claims } = decodeUnverified(token)
    expect(claims.sub).toBe(made.subject)
    expect(JSON.stringify(claims)).not.toMatch(/ada/i)
    for (const name of ['name', 'preferred_username', 'email', 'email_verified'])
      expect(claims).not.toHaveProperty(name)
  }
  expect(JSON.stringify(await made.authority.userinfo(tokens.access_token))).toMatch(/ada@example\.com/)
})

test('the header of a token holds alg, typ and kid, and nothing of compression', async () => {
  const made = await world()
  const tokens = await redeem(made, (await authorize(made)).get('code') ?? '')
  for (const [token, typ] of [
    [tokens.access_token, 'at+jwt'],
    [tokens.id_token ?? '', 'JWT'],
  ] as const) {
    const { kid } = made.authority.keyring.signer()
    expect(decodeUnverified(token).header).toEqual({ alg: 'ES256', typ, kid })
  }
})

test('eight hours on access tokens of five minutes ask the person nothing', async () => {
  const made = await world({ settings: { accessTokenLifetime: 300 } })
  let tokens = await redeem(made, (await authorize(made)).get('code') ?? '')
  const keys = made.authority.keyring.keySource()
  const end = made.time.now + 8 * 3600
  while (made.time.now < end) {
    expect(tokens.expires_in).toBe(300)
    expect(verify(tokens.access_token, keys).claims.exp).toBe(made.time.now + 300)
    made.time.now += 300
    tokens = await refresh(made, tokens.refresh_token ?? '')
  }
})

test('signing may be done elsewhere: the authority asks its signer, and never for a private key', async () => {
  const asked: string[] = []
  const stores = createMemoryStores()
  const time = { now: 1_800_000_000 }
  const clock = { now: () => time.now }
  let seed = 0
  const random = { bytes: (length: number) => new Uint8Array(length).fill(++seed % 256) }
  const keyring = createKeyring({ issuer: ISSUER, records: stores.keys, store: remoteStore(asked), clock })
  const accounts = {
    find: async () => undefined,
    verifyPassword: async () => ({ verdict: 'refused' }) as const,
  }
  const resources = [{ identifier: 'https://api.example', name: 'A', scopes: { 'orders:read': 'See' } }]
  const settings = defineSettings({ issuer: ISSUER, resources })
  const authority = await createAuthority({ settings, stores, keyring, accounts, clock, random })
  const { secret } = await authority.clients.add({
    id: 'service',
    name: 'Service',
    type: 'confidential',
    scopes: ['orders:read'],
  })
  const { access_token } = await authority.token({
    form: form({ grant_type: 'client_credentials' }),
    authorization: basic('service', secret?.revealText() ?? ''),
    network: undefined,
  })
  expect(verify(access_token, keyring.keySource()).claims.sub).toBe('service')
  expect(asked).toEqual([keyring.signer().kid])
})

/** Like a KMS: a key is born in it, signs after a while, and what would give it away throws. */
function remoteStore(asked: string[]): KeyStore {
  const kept = new Map<string, Signer>()
  return {
    name: 'remote',
    async generate({ purpose }) {
      if (purpose !== 'token-signing') {
        return {
          kid: encodeBase64url(crypto.getRandomValues(new Uint8Array(8))),
          publicJwk: null,
          wrapped: 'x',
        }
      }
      const { privateJwk, publicJwk } = generateKeyPair('ES256')
      const inside = signerOf(importSignKey(privateJwk))
      kept.set(inside.kid, inside)
      return { kid: inside.kid, publicJwk, wrapped: 'a handle' }
    },
    async signer({ kid, alg }) {
      const inside = kept.get(kid)
      if (inside === undefined || inside.alg !== alg) throw new Error('Cannot sign: there is no such key')
      const sign = async (data: Uint8Array): Promise<Uint8Array> => {
        asked.push(kid)
        await new Promise((resolve) => setImmediate(resolve))
        return inside.sign(data)
      }
      return { kid, alg: inside.alg, sign }
    },
    async secret({ purpose }) {
      if (purpose === 'token-signing') throw new Error('Cannot export: the key never leaves')
      return Secret.fromBytes(
        crypto.getRandomValues(new Uint8Array(64)).subarray(0, purpose === 'sealing' ? 32 : 64),
      )
    },
  }
}
