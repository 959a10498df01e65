import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyRecord } from '@jotwarden/keyring'
import { openKekFile } from '@jotwarden/keystore-file'
import { openSqliteStores, type SqliteStores } from '@jotwarden/store-sqlite'
import { KeySet, verify } from '@jotwarden/token'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kekIdOf } from '../src/state/kek-id.ts'
import { type Deployment, deployed } from './deployment.ts'
import { grantedTokens, newCode } from './granted-tokens.ts'
import { jotwarden, type Running, serving } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// Real processes: two servers make keys all the time, while what wraps them is replaced.

const environment = {
  JOTWARDEN_KEYS_ROTATION_PERIOD: '1s',
  JOTWARDEN_KEYS_JWKS_MAX_AGE: '1',
  JOTWARDEN_KEYS_PROPAGATION: '0',
  JOTWARDEN_KEYS_CLOCK_SKEW: '0',
  JOTWARDEN_TOKENS_ACCESS_TOKEN_LIFETIME: '5',
  JOTWARDEN_TOKENS_ID_TOKEN_LIFETIME: '5',
}
let deployment: Deployment
let stores: SqliteStores
let servers: readonly Running[] = []
let nodes: readonly Deployment[] = []

beforeAll(async () => {
  deployment = await deployed(environment)
  stores = await openSqliteStores({ path: join(deployment.folder, 'data', 'jotwarden.db') })
  const first = await deployment.start()
  const { folder } = deployment
  const second = await serving([], {
    folder,
    environment: { ...environment, JOTWARDEN_SERVER_LISTEN: '127.0.0.1:0' },
  })
  servers = [first, second]
  nodes = servers.map(({ ready }) => ({ ...deployment, issuer: String(ready.url) }))
})

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await stores?.close()
})

test('keys rewrap runs three times under two busy servers, and nobody notices; the keys before open nothing', async () => {
  const seen = { failures: [] as string[], answers: 0, tokens: 0, withdrawn: 0 }
  const load = new AbortController()
  const cookie = await signedInCookie(deployment)
  const callers = (await Promise.all(nodes.map((node) => callersOf(node, cookie, seen)))).flat()
  const running = callers.map((call) => untilAborted(call, load.signal, seen))
  const before = kekFile()[0]
  const withdrawing = untilAborted(() => withdrawSpares(seen), load.signal, seen)
  const outcomes = []
  for (let round = 0; round < 3; round += 1) outcomes.push(await rewrap())
  load.abort()
  await Promise.all([...running, withdrawing])
  await expect.poll(() => spares().then((all) => all.length), { timeout: 10_000, interval: 50 }).toBe(3)

  expect(seen.failures).toEqual([])
  expect(seen.answers).toBeGreaterThan(100)
  expect(seen.tokens).toBeGreaterThan(30)
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(outcomes[0]?.answer.dropped).toEqual([before])
  expect(outcomes.every(({ answer }) => answer.rewrapped >= 3)).toBe(true)
  expect(seen.withdrawn).toBeGreaterThan(10)
  expect(kekFile()).toEqual([outcomes.at(-1)?.answer.kek])
  expect(new Set(await kekIdsInStore())).toEqual(new Set(kekFile()))
  for (const server of servers) expect((await server.stop()).stdout).not.toContain('"level":"error"')

  const file = join(deployment.folder, 'jotwarden.kek')
  const present = readFileSync(file)
  for (const { answer } of [outcomes[0], outcomes.at(-1)].filter((one) => one !== undefined)) {
    copyFileSync(answer.kept[0], file)
    const refused = await jotwarden(['serve', '--json'], { folder: deployment.folder })
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.stderr).error).toMatchObject({
      code: 'keystore/wrong-kek',
      message: expect.stringContaining(answer.dropped[0]),
      remedy: expect.stringContaining('keys replace-lost'),
    })
    expect(readFileSync(file)).not.toEqual(present)
  }
}, 60_000)

interface Seen {
  readonly failures: string[]
  answers: number
  tokens: number
  withdrawn: number
}

/** What people, services and verifiers ask of a server, one act a call. */
async function callersOf(
  node: Deployment,
  cookie: string,
  seen: Seen,
): Promise<readonly (() => Promise<void>)[]> {
  let { refresh } = await grantedTokens(node, cookie)
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${node.issuer}${path}`, { ...init, redirect: 'manual' })
    seen.answers += 1
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const check = verifierOf(node, seen)
  const token = (values: Readonly<Record<string, string>>, headers = {}) =>
    ask('/token', { method: 'POST', body: new URLSearchParams(values), headers })
  const basic = Buffer.from(`${node.service.id}:${node.service.secret}`).toString('base64')
  return [
    async () => {
      const values = { grant_type: 'client_credentials', scope: 'orders:read' }
      check((await token(values, { authorization: `Basic ${basic}` })).access_token, await ask('/jwks.json'))
    },
    async () => {
      const values = { client_id: node.app.id, grant_type: 'refresh_token', refresh_token: refresh }
      const answer = await token(values)
      refresh = answer.refresh_token
      check(answer.access_token, await ask('/jwks.json'))
    },
    async () => {
      if ((await newCode(node, cookie)) === null) throw new Error('a sign-in is not known any more')
      seen.answers += 1
    },
  ]
}

function verifierOf({ issuer }: Deployment, seen: Seen): (token: string, jwks: unknown) => void {
  return (token, jwks) => {
    expect(verify(token, KeySet.fromJwks(jwks)).claims.iss, issuer).toBe(deployment.issuer)
    seen.tokens += 1
  }
}

async function untilAborted(call: () => Promise<void>, signal: AbortSignal, seen: Seen): Promise<void> {
  while (!signal.aborted && seen.failures.length < 5) {
    await call().catch((error: unknown) => seen.failures.push(String(error)))
  }
}

async function rewrap() {
  const words = ['keys', 'rewrap', '--json']
  const { code, stdout, stderr } = await jotwarden(words, { folder: deployment.folder, environment })
  if (code !== 0) throw new Error(stderr)
  return { code, answer: JSON.parse(stdout) }
}

/** Takes the spares away, so that a server makes new ones at once; both do what they can while the command runs. */
async function withdrawSpares(seen: Seen): Promise<void> {
  const pending = await spares()
  const at = Math.floor(Date.now() / 1000)
  const steps = pending.map(({ kid, version }) => ({ kid, version, to: 'retired', at }) as const)
  if (steps.length > 0 && (await stores.keys.transition(deployment.issuer, steps, [])) === 'done')
    seen.withdrawn += steps.length
  await expect.poll(() => spares().then((all) => all.length), { timeout: 10_000, interval: 50 }).toBe(3)
}

async function spares(): Promise<readonly KeyRecord[]> {
  return (await stores.keys.list(deployment.issuer)).filter(({ state }) => state === 'pending')
}

/** Under what the private parts are wrapped. */
async function kekIdsInStore(): Promise<readonly (string | null)[]> {
  return (await stores.keys.list(deployment.issuer)).map(kekIdOf).filter((id) => id !== null)
}

function kekFile(): readonly string[] {
  const file = join(deployment.folder, 'jotwarden.kek')
  return openKekFile(file, { create: false, requireMode: true }).map(({ id }) => id)
}
