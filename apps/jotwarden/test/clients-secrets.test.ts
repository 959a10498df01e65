import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { createVerifier } from '@jotwarden/verifier'
import { followRevocations } from '@jotwarden/verifier/revocation'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { secretDiagnoses } from '../src/doctor/secrets.ts'
import { type Deployment, deployed, RESOURCE } from './deployment.ts'
import { type Ended, jotwarden, type Running } from './jotwarden-process.ts'

// Real processes: the command changes the store beside the server, which must see it at the next request.

let deployment: Deployment
let server: Running

beforeAll(async () => {
  deployment = await deployed()
  server = await deployment.start()
})

afterAll(async () => {
  await server?.stop()
})

describe('jotwarden clients secrets', () => {
  test('rotate under load fails no request, whichever secret it shows; the old one is refused from its end on', async () => {
    const id = await addService('busy')
    const held = { old: id.secret, fresh: undefined as string | undefined }
    const load = startLoad('busy', held)
    const { code, stdout } = await run(['rotate', 'busy', '--overlap', '4s', '--json'])
    const rotated = JSON.parse(stdout)
    held.fresh = rotated.client_secret
    expect(code).toBe(0)
    expect(held.fresh).toMatch(/^jwc_[A-Za-z0-9_-]{43}$/)
    const [, before] = rotated.secrets
    await expect.poll(() => load.counts.fresh, { timeout: 5000 }).toBeGreaterThan(20)
    expect(before.ends_at - Date.now() / 1000).toBeGreaterThan(0)
    held.old = held.fresh ?? ''
    await load.stop()
    expect(load.failures).toEqual([])
    expect(load.counts.old).toBeGreaterThan(20)
    await expect.poll(() => statusOf('busy', id.secret), { timeout: 8000 }).toBe(401)
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(before.ends_at)
    expect(await statusOf('busy', rotated.client_secret)).toBe(200)
    const log = await jotwarden(['events', 'list', '--client', 'busy', '--json'], deployment)
    expect(log.stdout).toContain('client-secret-rotated')
    expect(log.stdout).toContain('ended-secret')
  }, 30_000)

  test('rotate --now ends the old secret in a server that knows the client, at once', async () => {
    const { secret } = await addService('leaked')
    expect(await statusOf('leaked', secret)).toBe(200)
    expect((await run(['rotate', 'leaked', '--now'])).code).toBe(2)
    const answer = await run(['rotate', 'leaked', '--now', '--end-sessions', '--yes'])
    expect(await statusOf('leaked', secret)).toBe(401)
    expect(answer.code).toBe(0)
    expect(answer.stdout).toMatch(/client_secret {2}jwc_/)
    expect(answer.stdout).toContain('is refused from now on')
    expect(answer.stdout).toContain('Its sessions have ended')
    expect(answer.stdout.match(/jwc_/g)).toHaveLength(1)
    expect(answer.stderr).toBe('')
  })

  test('of two processes that rotate at once at most one per secret succeeds, and who is refused shows none', async () => {
    const { secret } = await addService('raced')
    const answers = await Promise.all([1, 2, 3].map(() => run(['rotate', 'raced', '--json'])))
    const won = answers.filter(({ code }) => code === 0)
    expect(won).toHaveLength(1)
    for (const { code, stdout, stderr } of answers.filter((one) => one.code !== 0)) {
      expect([code, stdout]).toEqual([1, ''])
      expect(JSON.parse(stderr).error.code).toMatch(/^authority\/secret-(?:conflict|overlap)$/)
      expect(stderr).not.toContain('jwc_')
    }
    for (const one of [secret, JSON.parse(won[0]?.stdout ?? '{}').client_secret])
      expect(await statusOf('raced', one)).toBe(200)
  })

  test('rotate --output writes the secret for its owner alone, shows it nowhere, and never over a file', async () => {
    await addService('filed')
    const path = join(deployment.folder, 'filed.secret')
    const { code, stdout, stderr } = await run(['rotate', 'filed', '--output', 'filed.secret'])
    expect([code, stderr]).toEqual([0, ''])
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(/^jwc_[A-Za-z0-9_-]{43}\n$/)
    expect(stdout).not.toContain('jwc_')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await statusOf('filed', text.trim())).toBe(200)
    const again = await run(['rotate', 'filed', '--now', '--yes', '--output', 'filed.secret', '--json'])
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(await statusOf('filed', text.trim())).toBe(200)
    const refused = await run(['rotate', 'filed', '--output', 'other.secret'])
    expect(refused.code).toBe(1)
    expect(() => statSync(join(deployment.folder, 'other.secret'))).toThrow()
  })

  test('list tells when each was used last and when the old one ends, and never the secret; end ends it', async () => {
    const { secret } = await addService('listed')
    const rotated = JSON.parse((await run(['rotate', 'listed', '--json'])).stdout)
    expect(await statusOf('listed', secret)).toBe(200)
    const listed = async () => JSON.parse((await run(['list', 'listed', '--json'])).stdout).secrets
    await expect.poll(async () => (await listed())[1].used_at, { timeout: 5000 }).not.toBeNull()
    const [fresh, old] = await listed()
    expect(fresh).toEqual({
      id: rotated.secrets[0].id,
      origin: 'made',
      created_at: expect.any(Number),
      ends_at: null,
      used_at: null,
    })
    expect(old.ends_at - old.used_at).toBeGreaterThan(6.9 * 86_400)
    const text = await run(['list', 'listed'])
    expect(text.stdout.split('\n')[0]).toMatch(/^ID +ORIGIN +CREATED +LAST USED +ENDS$/)
    const clients = await jotwarden(['clients', 'list'], deployment)
    expect(clients.stdout).toMatch(/^listed .* 2, one ends 20/m)
    expect((await run(['end', 'listed', old.id, '--yes'])).code).toBe(0)
    expect(await statusOf('listed', secret)).toBe(401)
    const last = await run(['end', 'listed', fresh.id, '--yes', '--json'])
    expect([last.code, JSON.parse(last.stderr).error.code]).toEqual([1, 'authority/secret-last'])
    for (const { stdout } of [text, clients]) {
      for (const shown of [secret, rotated.client_secret]) expect(stdout).not.toContain(shown)
    }
  })

  test.each([
    [['rotate', 'service', '--now', '--overlap', '7d', '--yes'], 2],
    [['rotate', 'service', '--end-sessions'], 2],
    [['rotate', 'service', '--overlap', '91d'], 2],
    [['rotate', 'service', '--overlap', 'soon'], 2],
    [['rotate', 'app'], 1],
    [['rotate', 'nobody'], 1],
    [['list', 'nobody'], 1],
    [['end', 'service', 'none', '--yes'], 1],
  ] as const)('refuses %j with %i, and changes nothing', async (words, expected) => {
    const { code, stdout, stderr } = await run(words)
    expect([code, stdout]).toEqual([expected, ''])
    expect(stderr).not.toContain('jwc_')
    expect(await statusOf('service', deployment.service.secret)).toBe(200)
  })
})

test('a verifier with the old secret follows revocations until it ends, and one with the new secret from then on', async () => {
  const { issuer, api, service } = deployment
  const follows = (clientSecret: string) =>
    createVerifier({
      issuer,
      audience: RESOURCE,
      revocation: followRevocations({ clientId: api.id, clientSecret, maxStaleness: 5 }),
    })
  const check = async (verifier: ReturnType<typeof follows>, token: string) => {
    const request = new Request(`${RESOURCE}/`, { headers: { authorization: `Bearer ${token}` } })
    return verifier.authenticate(request).then(
      () => 'accepted',
      (error: Error & { readonly code: string }) => error.code,
    )
  }
  const old = follows(api.secret)
  await expect.poll(async () => check(old, await tokenOf(service)), { timeout: 5000 }).toBe('accepted')
  const { client_secret } = JSON.parse((await run(['rotate', 'api', '--overlap', '3s', '--json'])).stdout)
  const fresh = follows(client_secret)
  await expect.poll(async () => check(fresh, await tokenOf(service)), { timeout: 5000 }).toBe('accepted')
  expect(await check(old, await tokenOf(service))).toBe('accepted')
  expect([await introspect(api.secret), await introspect(client_secret)]).toEqual([200, 200])
  await expect.poll(() => introspect(api.secret), { timeout: 6000 }).toBe(401)
  // Its stream ends, it cannot open another, and says that it does not know rather than accept
  await expect.poll(async () => check(old, await tokenOf(service)), { timeout: 12_000 }).not.toBe('accepted')
  expect(await check(fresh, await tokenOf(service))).toBe('accepted')
  await Promise.all([old.close(), fresh.close()])
}, 30_000)

test('no secret of this file stands in the store, nor in the log of the server', async () => {
  const stores = await openSqliteStores({ path: join(deployment.folder, 'data', 'jotwarden.db') })
  const events = await stores.events.list(deployment.issuer, { after: 0, limit: 1000 })
  const clients = await stores.clients.list(deployment.issuer)
  await stores.close()
  expect(events.length).toBeGreaterThan(10)
  expect(JSON.stringify([events, clients])).not.toContain('jwc_')
  const { stdout, stderr } = await server.stop()
  expect(stdout + stderr).not.toContain('jwc_')
  server = await deployment.start()
})

test('secretDiagnoses() warns of an old secret that ends in use, of old age, and of what was imported', () => {
  const now = 1_800_000_000
  const secret = {
    id: 's1',
    hash: 'h',
    origin: 'made',
    createdAt: now - 100,
    endsAt: null,
    usedAt: null,
  } as const
  const found = (own: Partial<Record<keyof typeof secret, unknown>>) =>
    secretDiagnoses([{ id: 'web', secrets: [{ ...secret, ...own }] } as never], now).map(
      ({ severity, problem }) => `${severity} ${problem}`,
    )
  expect(found({})).toEqual([])
  expect(found({ endsAt: now + 80_000, usedAt: now - 80_000 })).toEqual([
    expect.stringMatching(/^warning is shown the secret s1, .* which ends /),
  ])
  for (const own of [
    { endsAt: now + 80_000 },
    { endsAt: now + 100_000, usedAt: now },
    { endsAt: now + 80_000, usedAt: now - 100_000 },
    { endsAt: now, usedAt: now },
    { createdAt: now - 364 * 86_400 },
  ])
    expect(found(own)).toEqual([])
  expect(found({ createdAt: now - 366 * 86_400 })).toEqual([expect.stringContaining('366 days ago')])
  expect(found({ origin: 'imported' })).toEqual([expect.stringMatching(/^note .* was imported/)])
  expect(found({ origin: 'imported-weak' })).toEqual([expect.stringMatching(/^warning .* is weak/)])
})

/** Asks for tokens with either secret, again and again, until it is stopped. */
function startLoad(id: string, held: { readonly old: string; readonly fresh: string | undefined }) {
  const counts = { old: 0, fresh: 0 }
  const failures: unknown[] = []
  let isOver = false
  const ask = async (which: 'old' | 'fresh') => {
    while (!isOver) {
      const secret = held[which]
      if (secret === undefined) {
        await new Promise((done) => setTimeout(done, 5))
        continue
      }
      const status = await statusOf(id, secret).catch((error: unknown) => error)
      if (status === 200) counts[which] += 1
      else failures.push([which, status])
    }
  }
  const running = Promise.all([ask('old'), ask('old'), ask('fresh'), ask('fresh')])
  return {
    counts,
    failures,
    async stop() {
      isOver = true
      await running
    },
  }
}

async function addService(id: string): Promise<{ readonly secret: string }> {
  const words = [
    'clients',
    'add',
    id,
    '--id',
    id,
    '--type',
    'confidential',
    '--scope',
    'orders:read',
    '--json',
  ]
  const { stdout } = await jotwarden(words, deployment)
  return { secret: JSON.parse(stdout).client_secret }
}

async function asked(path: string, client: string, secret: string, form: Record<string, string>) {
  return fetch(`${deployment.issuer}${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    body: new URLSearchParams(form),
  })
}

async function statusOf(client: string, secret: string): Promise<number> {
  const answer = await asked('/token', client, secret, { grant_type: 'client_credentials' })
  await answer.text()
  return answer.status
}

async function tokenOf({ id, secret }: { readonly id: string; readonly secret: string }): Promise<string> {
  const answer = await asked('/token', id, secret, { grant_type: 'client_credentials' })
  return (await answer.json()).access_token
}

async function introspect(secret: string): Promise<number> {
  const answer = await asked('/introspect', deployment.api.id, secret, { token: 'x' })
  await answer.text()
  return answer.status
}

function run(words: readonly string[]): Promise<Ended> {
  return jotwarden(['clients', 'secrets', ...words], deployment)
}
