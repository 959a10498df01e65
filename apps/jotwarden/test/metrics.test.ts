import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { grantedTokens } from './granted-tokens.ts'
import { CANARY, FORM } from './guarded-server.ts'
import { freePort, type Running } from './jotwarden-process.ts'
import { type PageFamily, parseMetrics, total } from './metrics-page.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// The numbers of a real server, read over HTTP as Prometheus reads them.

let deployment: Deployment
let server: Running
let url: string
/** What must never be seen: planted where strangers can write, or really used. */
const secrets = new Set([CANARY])

beforeAll(async () => {
  deployment = await deployed({ JOTWARDEN_METRICS_LISTEN: `127.0.0.1:${await freePort()}` })
  server = await deployment.start()
  url = String(server.ready.metrics)
  secrets.add(deployment.account.password).add(deployment.service.secret)
})
afterAll(async () => {
  await server.stop()
})

async function page(): Promise<string> {
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  return answer.text()
}

async function families(): Promise<readonly PageFamily[]> {
  return parseMetrics(await page())
}

function token(body: Record<string, string>): Promise<Response> {
  return fetch(`${deployment.issuer}/token`, {
    method: 'POST',
    headers: FORM,
    body: new URLSearchParams(body),
  })
}

/** How much a number grows while something is done. */
async function growth(
  act: () => Promise<void>,
  ...of: readonly (readonly [name: string, labels?: Readonly<Record<string, string>>])[]
): Promise<readonly number[]> {
  const before = await families()
  await act()
  const after = await families()
  return of.map(([name, labels]) => total(after, name, labels) - total(before, name, labels))
}

describe('what is counted', () => {
  test('tokens by grant and kind, requests by outcome, commits, and a client error by its word', async () => {
    const grown = await growth(
      async () => {
        const { id, secret } = deployment.service
        const credentials = { client_id: id, client_secret: secret, grant_type: 'client_credentials' }
        expect((await token(credentials)).status).toBe(200)
        expect((await token({ ...credentials, client_secret: CANARY })).status).toBe(401)
        expect((await token({ ...credentials, grant_type: CANARY })).status).toBe(400)
      },
      ['jotwarden_tokens_issued_total', { grant: 'client_credentials', kind: 'access' }],
      ['jotwarden_token_requests_total', { grant: 'client_credentials', outcome: 'issued' }],
      ['jotwarden_token_requests_total', { grant: 'client_credentials', outcome: 'invalid_client' }],
      ['jotwarden_token_requests_total', { grant: 'other', outcome: 'unsupported_grant_type' }],
      ['jotwarden_security_events_total', { type: 'client-refused', cause: 'wrong-credentials' }],
      ['jotwarden_http_requests_total', { route: '/token', method: 'POST', status: '401' }],
      ['jotwarden_http_request_duration_seconds', { route: '/token' }],
    )
    expect(grown).toEqual([1, 1, 1, 1, 1, 1, 3])
    expect(total(await families(), 'jotwarden_store_commit_acts')).toBeGreaterThan(0)
    expect(total(await families(), 'jotwarden_store_commit_wait_seconds')).toBeGreaterThan(0)
  })

  test('a sign-in, its tokens, a refresh, one that is asked for again, and a token that is taken back', async () => {
    const grown = await growth(
      async () => {
        const cookie = await signedInCookie(deployment)
        const { client, refresh } = await grantedTokens(deployment, cookie)
        secrets.add(refresh).add(cookie.split('=')[1] ?? cookie)
        const again = { client_id: client, grant_type: 'refresh_token', refresh_token: refresh }
        const { refresh_token: second } = await (await token(again)).json()
        expect((await token(again)).status).toBe(200)
        secrets.add(second)
        const revocation = new URLSearchParams({ client_id: client, token: second })
        const taken = await fetch(`${deployment.issuer}/revoke`, {
          method: 'POST',
          headers: FORM,
          body: revocation,
        })
        expect(taken.status).toBe(200)
        expect((await token({ ...again, refresh_token: second })).status).toBe(400)
      },
      ['jotwarden_sign_ins_total', { outcome: 'accepted' }],
      ['jotwarden_tokens_issued_total', { grant: 'authorization_code', kind: 'refresh' }],
      ['jotwarden_tokens_issued_total', { grant: 'authorization_code', kind: 'id' }],
      ['jotwarden_refreshes_total', { outcome: 'rotated' }],
      ['jotwarden_refreshes_total', { outcome: 'repeated' }],
      ['jotwarden_refresh_interval_seconds'],
      ['jotwarden_token_requests_total', { grant: 'refresh_token', outcome: 'invalid_grant' }],
      ['jotwarden_security_events_total', { type: 'session-started' }],
      ['jotwarden_revocations_total', { kind: 'session', cause: 'revoked' }],
      ['jotwarden_revocation_log_head'],
    )
    expect(grown).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
  })

  test('wrong passwords, and those that must wait', async () => {
    const grown = await growth(
      async () => {
        for (let guess = 0; guess < 12; guess += 1) await wrongPassword()
      },
      ['jotwarden_sign_ins_total', { outcome: 'refused' }],
      ['jotwarden_sign_ins_total', { outcome: 'throttled' }],
      ['jotwarden_throttled_attempts_total', { kind: 'login' }],
    )
    expect(grown[0]).toBeGreaterThan(0)
    expect(grown[1]).toBeGreaterThan(0)
    expect(grown[2]).toBe(grown[1])
    expect((grown[0] ?? 0) + (grown[1] ?? 0)).toBe(12)
  })

  test('keys by purpose and state, with the dates of the schedule', async () => {
    const now = Date.now() / 1000
    const read = await families()
    for (const purpose of ['token-signing', 'refresh-mac', 'sealing']) {
      expect(total(read, 'jotwarden_keys', { purpose, state: 'active' })).toBe(1)
      expect(total(read, 'jotwarden_keys', { purpose, state: 'pending' })).toBe(1)
      expect(total(read, 'jotwarden_key_activated_timestamp_seconds', { purpose })).toBeLessThan(now + 1)
      const next = total(read, 'jotwarden_key_next_step_timestamp_seconds', { purpose }) - now
      expect(next).toBeGreaterThan(6 * 86_400)
      expect(next).toBeLessThan(31 * 86_400)
    }
    expect(total(read, 'jotwarden_key_problems')).toBe(0)
    expect(total(read, 'jotwarden_access_token_lifetime_seconds')).toBe(600)
  })

  test('a reader of the feed while it reads, and how far it was told', async () => {
    const ended = new AbortController()
    const { id, secret } = deployment.api
    const answer = await fetch(`${deployment.issuer}/revocations`, {
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      signal: ended.signal,
    })
    const reader = answer.body?.getReader()
    await reader?.read()
    const during = await families()
    ended.abort()
    expect(total(during, 'jotwarden_feed_readers')).toBe(1)
    expect(total(during, 'jotwarden_feed_head')).toBe(total(during, 'jotwarden_revocation_log_head'))
    await expect
      .poll(async () => total(await families(), 'jotwarden_feed_readers'), { timeout: 5000 })
      .toBe(0)
  })

  test('store, process and build', async () => {
    const read = await families()
    expect(total(read, 'jotwarden_store_readable')).toBe(1)
    expect(total(read, 'jotwarden_store_size_bytes', { file: 'database' })).toBeGreaterThan(10_000)
    expect(total(read, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(total(read, 'process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(Math.abs(total(read, 'process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(120)
    expect(total(read, 'jotwarden_build_info', { node: process.version })).toBe(1)
  })
})

async function wrongPassword(): Promise<void> {
  const query = new URLSearchParams({
    client_id: 'app',
    redirect_uri: deployment.app.redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM',
    code_challenge_method: 'S256',
  })
  const shown = await fetch(`${deployment.issuer}/authorize?${query}`)
  const interaction = /name="interaction" value="([^"]+)"/.exec(await shown.text())?.[1] ?? ''
  const cookie = (shown.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  const answer = await fetch(`${deployment.issuer}/login`, {
    method: 'POST',
    headers: { ...FORM, cookie, origin: deployment.issuer },
    body: new URLSearchParams({ interaction, username: `somebody-${CANARY}`, password: CANARY }),
  })
  expect([403, 429]).toContain(answer.status)
}

describe('the page', () => {
  test('is on its own listener alone, at one path, read with GET', async () => {
    expect((await fetch(`${deployment.issuer}/metrics`)).status).toBe(404)
    expect((await fetch(new URL('/', url))).status).toBe(404)
    expect((await fetch(new URL('/token', url), { method: 'POST' })).status).toBe(404)
    expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  })

  test('holds no word that a stranger chose, whatever was sent, and its labels stay few', async () => {
    const methods = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH']
    for (const path of ['/', '/token', '/authorize', '/login', `/${CANARY}`, `/token/${CANARY}`, '/revoke']) {
      for (const method of methods) {
        const init =
          method === 'GET' ? {} : { body: `token=${CANARY}&grant_type=${CANARY}&client_id=${CANARY}` }
        const headers = {
          ...FORM,
          authorization: `Basic ${btoa(`${CANARY}:${CANARY}`)}`,
          'x-request-id': CANARY,
        }
        await fetch(`${deployment.issuer}${path}?${CANARY}=${CANARY}`, { method, headers, ...init })
      }
    }
    const read = await families()
    const before = count(read)
    for (let time = 0; time < 50; time += 1) {
      await fetch(`${deployment.issuer}/made-up-${time}`, { headers: { 'user-agent': `made-up-${time}` } })
      await token({ client_id: `made-up-${time}`, grant_type: `made-up-${time}` })
    }
    const text = await page()
    expect(count(parseMetrics(text))).toBeLessThanOrEqual(before + 30)
    expect(text).not.toContain('made-up')
    for (const secret of secrets) expect(text.includes(secret)).toBe(false)
    for (const name of ['"service"', '"app"', '"api"', '"ada"', deployment.issuer])
      expect(text).not.toContain(name)
    const routes = new Set(samples(read).map(({ labels }) => labels.route))
    expect([...routes].filter((route) => route?.includes('made'))).toEqual([])
  })

  test('names its metrics as Prometheus asks: base units, _total for counters and for nothing else', async () => {
    for (const { name, type, help } of await families()) {
      expect(name).toMatch(/^(jotwarden|process|nodejs)_[a-z0-9_]+$/)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(name).not.toMatch(/milliseconds|_ms\b|minutes|kilobytes|_count$|_sum$|_bucket$/)
      if (type === 'histogram') expect(name).toMatch(/_(seconds|acts)$/)
      expect(help.length).toBeGreaterThan(10)
    }
  })

  test('has the metrics that docs/operating.md lists, with type and labels, and no other', async () => {
    const text = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
    const rows = [
      ...text.matchAll(/^\| `((?:jotwarden|process|nodejs)_[a-z0-9_]+)` \| (\w+) \| ([^|]*) \|/gm),
    ]
    const listed = rows.map(([, name, type, labels = '']) => [name, type, labels.replaceAll('`', '').trim()])
    const given = (await families()).map(({ name, type, samples: [first] }) => {
      const labels = Object.keys(first?.labels ?? {}).filter((label) => label !== 'le')
      return [name, type, labels.join(', ')]
    })
    expect(given).toEqual(listed)
  })

  test('is what the alerts of docs/operating.md ask: every metric that they name is there', async () => {
    const text = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
    const rules = [...text.matchAll(/^\s+expr: (.+)$/gm)].map(([, rule = '']) => rule)
    expect(rules.length).toBeGreaterThanOrEqual(6)
    const names = new Set(samples(await families()).map(({ name }) => name))
    const used = rules.flatMap((rule) => rule.match(/\b(?:jotwarden|process|nodejs)_[a-z0-9_]+/g) ?? [])
    expect(used.filter((name) => !names.has(name))).toEqual([])
  })
})

function samples(read: readonly PageFamily[]) {
  return read.flatMap((family) => family.samples)
}

function count(read: readonly PageFamily[]): number {
  return samples(read).length
}
