import { cpSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { type Authority, createAuthority, defineSettings, type Stores } from '@jotwarden/authority'
import { createKeyring } from '@jotwarden/keyring'
import { createFileKeyStore, kekFromText } from '@jotwarden/keystore-file'
import { createServer } from '@jotwarden/server'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { Secret } from '@jotwarden/token'
import { createVerifier, type Verifier, VerifierError } from '@jotwarden/verifier'
import { followRevocations, type RevocationEvent } from '@jotwarden/verifier/revocation'
import { systemClock, systemRandom } from 'jotwarden'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { Between } from './between.ts'
import { type Deployment, deployed, RESOURCE } from './deployment.ts'
import { type GrantedTokens, grantedTokens, newCode, refreshStatus } from './granted-tokens.ts'
import { jotwarden, type Running, temporaryFolder } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// What an API does while something is wrong: it never accepts what was taken back once its knowledge is older than it
// declares, misses no mark, and comes back by itself.

const MAX_STALENESS = 3

describe('a real authority, and an API that follows it over a wire that fails:', () => {
  let deployment: Deployment
  let server: Running
  let between: Between
  let api: Api
  let cookie: string

  beforeEach(async () => {
    deployment = await deployed()
    server = await deployment.start()
    cookie = await signedInCookie(deployment)
    between = await Between.to(deployment.issuer)
    api = new Api(deployment, `${between.origin}/revocations`)
    await api.verifier.ready()
  })
  afterEach(async () => {
    await api.verifier.close()
    await between.close()
    await server.stop()
  })

  test('cut: it connects again, goes on from its number, and misses nothing in between', async () => {
    const tokens = await tenSessions(deployment, cookie)
    for (const one of tokens) expect(await api.accepts(one)).toBe('accepted')
    for (const one of tokens) {
      await revoke(deployment, one)
      between.cut()
    }
    for (const one of tokens) await refused(api, one)
    expect(api.events.filter(({ type }) => type === 'snapshot')).toHaveLength(1)
  })

  test('half-open: it refuses everything once it is stale, never accepts what was taken back, and comes back', async () => {
    const [kept, lost] = await tenSessions(deployment, cookie)
    expect(await api.accepts(kept)).toBe('accepted')
    between.hold()
    const heldAt = performance.now()
    await revoke(deployment, lost)
    const last = await lastAcceptance(api, kept)
    expect((last - heldAt) / 1000).toBeLessThanOrEqual(MAX_STALENESS)
    expect(await api.accepts(lost)).toBe('verifier/stale')
    between.release()
    await vi.waitFor(async () => expect(await api.accepts(kept)).toBe('accepted'), WAIT)
    expect(await api.accepts(lost)).toBe('verifier/invalid-token revoked')
  })

  test('slowed beyond what it declares: lines that come late certify nothing, and polls do as well as they can', async () => {
    const [kept, lost] = await tenSessions(deployment, cookie)
    expect(await api.accepts(kept)).toBe('accepted')
    between.slow((MAX_STALENESS + 2) * 1000)
    await revoke(deployment, lost)
    const from = performance.now()
    const last = await lastAcceptance(api, lost)
    expect((last - from) / 1000).toBeLessThanOrEqual(MAX_STALENESS)
    expect(await api.accepts(kept)).toBe('verifier/stale')
    between.slow(0)
    await vi.waitFor(async () => expect(await api.accepts(kept)).toBe('accepted'), WAIT)
    expect(await api.accepts(lost)).toBe('verifier/invalid-token revoked')
  })

  test('the authority killed and started again: marks from before are kept, and new ones come by themselves', async () => {
    const [kept, before, after] = await tenSessions(deployment, cookie)
    await revoke(deployment, before)
    await server.stop('SIGKILL')
    server = await deployment.start()
    await revoke(deployment, after)
    await refused(api, after)
    expect(await api.accepts(before)).toBe('verifier/invalid-token revoked')
    await vi.waitFor(async () => expect(await api.accepts(kept)).toBe('accepted'), WAIT)
  })

  test('the authority away for good: it goes stale in time, and says when to ask again', async () => {
    const [kept] = await tenSessions(deployment, cookie)
    expect(await api.accepts(kept)).toBe('accepted')
    const stoppedAt = performance.now()
    await server.stop('SIGKILL')
    const last = await lastAcceptance(api, kept)
    expect((last - stoppedAt) / 1000).toBeLessThanOrEqual(MAX_STALENESS)
    expect(await api.accepts(kept, { whenStale: 'allow' })).toBe('accepted')
    server = await deployment.start()
    await vi.waitFor(async () => expect(await api.accepts(kept)).toBe('accepted'), WAIT)
  })

  test('an earlier copy of the data put back: nothing that was taken back since comes to life, and everybody signs in again', async () => {
    const [kept, lost] = await tenSessions(deployment, cookie)
    await server.stop()
    const [data, copy] = [join(deployment.folder, 'data'), join(deployment.folder, 'copy-of-data')]
    cpSync(data, copy, { recursive: true })
    server = await deployment.start()
    await revoke(deployment, lost)
    await refused(api, lost)
    await server.stop()
    rmSync(data, { recursive: true })
    cpSync(copy, data, { recursive: true })

    server = await deployment.start()
    expect(await api.accepts(lost)).not.toBe('accepted')
    await refused(api, kept)
    expect(await api.accepts(lost)).toBe('verifier/invalid-token revoked')
    for (const one of [lost, kept]) expect(one && (await refreshStatus(deployment, one))).toBe(400)
    expect(await newCode(deployment, cookie)).toBe(null)
    const again = await grantedTokens(deployment, await signedInCookie(deployment))
    await vi.waitFor(async () => expect(await api.accepts(again)).toBe('accepted'), WAIT)
    expect(api.events.map(({ type }) => type)).toContain('epoch')
    expect(await eventTypes(deployment)).toEqual(expect.arrayContaining(['log-set-back', 'issuer-revoked']))

    await server.stop()
    server = await deployment.start()
    expect(await refreshStatus(deployment, again)).toBe(200)
  })

  test('the same with nothing revoked since the copy: it is noticed all the same', async () => {
    await server.stop()
    const [data, copy] = [join(deployment.folder, 'data'), join(deployment.folder, 'copy-of-data')]
    cpSync(data, copy, { recursive: true })
    server = await deployment.start()
    const later = await grantedTokens(deployment, await signedInCookie(deployment))
    await server.stop()
    rmSync(data, { recursive: true })
    cpSync(copy, data, { recursive: true })
    server = await deployment.start()
    expect(await eventTypes(deployment)).toContain('log-set-back')
    await refused(api, later)
  })
})

describe('a node that is cut off from its database and goes on serving streams:', () => {
  test('sends no heartbeat, so that its API goes stale; once it can read again, what another node took back is refused', async () => {
    const path = `${temporaryFolder()}/jotwarden.db`
    const [stores, elsewhere] = [await openSqliteStores({ path }), await openSqliteStores({ path })]
    const node = await startNode(stores)
    onTestFinished(async () => {
      await node.close()
      await Promise.all([stores.close(), elsewhere.close()])
    })
    const { authority, issuer } = node
    const api = new Api({ issuer, api: await credential(authority) })
    await authority.clients.add({
      id: 'app',
      name: 'App',
      type: 'public',
      redirectUris: ['https://app.example/cb'],
      scopes: ['orders:read'],
    })
    const lost = {
      access: (await authority.sessions.start({ subject: 'person-1', client: 'app' })).access_token,
    }
    const kept = {
      access: (await authority.sessions.start({ subject: 'person-2', client: 'app' })).access_token,
    }
    await api.verifier.ready()
    expect([await api.accepts(lost), await api.accepts(kept)]).toEqual(['accepted', 'accepted'])

    for (const [name, failure] of [
      ['hangs', () => new Promise<never>(() => undefined)],
      ['throws', () => Promise.reject(new Error('the database is out of reach'))],
    ] as const) {
      const restore = cutOff(stores, failure)
      const cutAt = performance.now()
      await elsewhere.revocation.append(issuer, {
        events: [],
        marks: [
          {
            kind: 'subject',
            id: name === 'hangs' ? 'person-1' : 'person-3',
            cause: 'administrator',
            at: 0,
            expiresAt: null,
            owner: null,
          },
        ],
      })
      const last = await lastAcceptance(api, kept)
      expect((last - cutAt) / 1000).toBeLessThanOrEqual(MAX_STALENESS)
      restore()
      await vi.waitFor(async () => expect(await api.accepts(kept)).toBe('accepted'), WAIT)
      expect(await api.accepts(lost)).toBe('verifier/invalid-token revoked')
    }
    await api.verifier.close()
  })
})

/** An API of its own: verifies, and remembers what its verifier told. */
class Api {
  readonly verifier: Verifier
  readonly events: RevocationEvent[] = []

  constructor({ issuer, api }: Pick<Deployment, 'issuer' | 'api'>, feedEndpoint?: string) {
    this.verifier = createVerifier({
      issuer,
      audience: RESOURCE,
      timeout: 2,
      revocation: followRevocations({
        clientId: api.id,
        clientSecret: api.secret,
        maxStaleness: MAX_STALENESS,
        onEvent: (event) => this.events.push(event),
        ...(feedEndpoint === undefined ? {} : { feedEndpoint }),
      }),
    })
  }

  async accepts(tokens: Pick<GrantedTokens, 'access'> | undefined, options = {}): Promise<string> {
    try {
      await this.verifier.verify(tokens?.access ?? '', options)
      return 'accepted'
    } catch (error) {
      if (!(error instanceof VerifierError)) throw error
      return error.reason === 'revoked' ? `${error.code} revoked` : error.code
    }
  }
}

/** When the API accepted the token last, in milliseconds of this process; asks until it refuses. */
async function lastAcceptance(api: Api, tokens: Pick<GrantedTokens, 'access'> | undefined): Promise<number> {
  let last = performance.now()
  const deadline = last + WAIT.timeout
  while ((await api.accepts(tokens)) === 'accepted') {
    last = performance.now()
    if (last > deadline) throw new Error('the token is accepted all the same')
    await pause(5)
  }
  return last
}

async function refused(api: Api, tokens: GrantedTokens | undefined): Promise<void> {
  await vi.waitFor(async () => expect(await api.accepts(tokens)).toBe('verifier/invalid-token revoked'), WAIT)
}

function tenSessions(deployment: Deployment, cookie: string): Promise<readonly GrantedTokens[]> {
  return Promise.all(Array.from({ length: 10 }, () => grantedTokens(deployment, cookie)))
}

async function revoke({ issuer, app }: Deployment, tokens: GrantedTokens | undefined): Promise<void> {
  const body = new URLSearchParams({ client_id: app.id, token: tokens?.refresh ?? '' })
  expect((await fetch(`${issuer}/revoke`, { method: 'POST', body })).status).toBe(200)
}

async function eventTypes({ folder }: Deployment): Promise<readonly string[]> {
  const { stdout } = await jotwarden(['events', 'list', '--json', '--limit', '100'], { folder })
  return JSON.parse(stdout).map(({ type }: { readonly type: string }) => type)
}

/** A node in this process, so that its way to the database can be taken from it. */
async function startNode(stores: Stores) {
  const httpServer = createHttpServer()
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`
  const kek = kekFromText(Secret.fromText('B'.repeat(42).concat('A')))
  const authority = await createAuthority({
    settings: defineSettings({
      issuer,
      resources: [{ identifier: RESOURCE, name: 'Orders', scopes: { 'orders:read': 'See your orders' } }],
    }),
    stores,
    keyring: createKeyring({
      issuer,
      records: stores.keys,
      store: createFileKeyStore({ kek }),
      clock: systemClock,
    }),
    accounts: { verifyPassword: async () => ({ verdict: 'refused' }), find: async () => undefined },
    clock: systemClock,
    random: systemRandom,
  })
  const server = createServer({ authority, loopback: true, changes: () => stores.dataVersion() })
  const listener = getRequestListener((request) => server.fetch(request))
  httpServer.on('request', (incoming, outgoing) => void listener(incoming, outgoing))
  return {
    authority,
    issuer,
    close: async () => {
      server.close()
      httpServer.closeAllConnections()
      await new Promise((resolve) => httpServer.close(resolve))
    },
  }
}

async function credential({ clients }: Authority): Promise<Deployment['api']> {
  const { client, secret } = await clients.add({
    id: 'api',
    name: 'API',
    type: 'confidential',
    resource: RESOURCE,
  })
  return { id: client.id, secret: secret?.revealText() ?? '' }
}

function cutOff({ revocation }: Stores, failure: () => Promise<never>): () => void {
  const { read, head } = revocation
  Object.assign(revocation, { read: failure, head: failure })
  return () => Object.assign(revocation, { read, head })
}

const WAIT = { timeout: 20_000, interval: 20 }
