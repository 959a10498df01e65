import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import type { Ended, Running } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// Bad input at every endpoint of the real process: the RFC's error, nothing changed in the store, and no credential that
// was planted, or really used, in any answer or log line.

const CANARY = 'canary-5f3a9c'
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

let deployment: Deployment
let server: Running
let ended: Ended | undefined
/** Credentials that were really used, or planted, and must never be seen. */
const secrets = new Set([CANARY])

beforeAll(async () => {
  deployment = await deployed()
  server = await deployment.start()
  secrets.add(deployment.account.password)
  secrets.add(deployment.service.secret)
})

afterAll(async () => {
  ended ??= await server.stop()
})

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${deployment.issuer}${path}`, { redirect: 'manual', ...init })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

function token(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask('/token', { method: 'POST', body, headers: { ...FORM, ...headers } })
}

/** Every row but the events, which are meant to tell of refusals. */
function rows(): string {
  const database = new DatabaseSync(`${deployment.folder}/data/jotwarden.db`, { readOnly: true })
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%event%'")
      .all()
    return JSON.stringify(tables.map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()]))
  } finally {
    database.close()
  }
}

/** Nothing changed in the store by the act. */
async function unchanged(act: () => Promise<void>): Promise<void> {
  const before = rows()
  await act()
  expect(rows()).toBe(before)
}

const service = () => `client_id=service&client_secret=${deployment.service.secret}`
const unknownSecret = `client_id=service&client_secret=${CANARY}`

describe('the token endpoint', () => {
  const TRIES: readonly (readonly [string, () => Promise<Answer>, number, string])[] = [
    ['an empty body', () => token(''), 401, 'invalid_client'],
    ['no grant_type', () => token(service()), 400, 'invalid_request'],
    [
      'an unknown grant_type',
      () => token(`${service()}&grant_type=${CANARY}`),
      400,
      'unsupported_grant_type',
    ],
    [
      'password',
      () => token(`${service()}&grant_type=password&username=ada&password=${CANARY}`),
      400,
      'unsupported_grant_type',
    ],
    [
      'a repeated parameter',
      () => token(`${service()}&grant_type=client_credentials&grant_type=client_credentials`),
      400,
      'invalid_request',
    ],
    ['a wrong secret', () => token(`${unknownSecret}&grant_type=client_credentials`), 401, 'invalid_client'],
    [
      'a wrong secret in Basic',
      () => token('grant_type=client_credentials', { authorization: `Basic ${btoa(`service:${CANARY}`)}` }),
      401,
      'invalid_client',
    ],
    [
      'two methods at once',
      () =>
        token(`${service()}&grant_type=client_credentials`, {
          authorization: `Basic ${btoa(`service:${CANARY}`)}`,
        }),
      400,
      'invalid_request',
    ],
    [
      'an unknown code',
      () => token(`client_id=app&grant_type=authorization_code&code=${CANARY}&code_verifier=${VERIFIER}`),
      400,
      'invalid_grant',
    ],
    [
      'an unknown refresh token',
      () => token(`client_id=app&grant_type=refresh_token&refresh_token=${CANARY}`),
      400,
      'invalid_grant',
    ],
    [
      'an access token as refresh token',
      async () => token(`client_id=app&grant_type=refresh_token&refresh_token=${await accessToken()}`),
      400,
      'invalid_grant',
    ],
    [
      'a scope too wide',
      () => token(`${service()}&grant_type=client_credentials&scope=${CANARY}`),
      400,
      'invalid_scope',
    ],
    [
      'an unknown resource',
      () => token(`${service()}&grant_type=client_credentials&resource=https://${CANARY}.example`),
      400,
      'invalid_target',
    ],
    [
      'JSON',
      () =>
        ask('/token', {
          method: 'POST',
          body: JSON.stringify({ client_secret: CANARY }),
          headers: { 'content-type': 'application/json' },
        }),
      400,
      'invalid_request',
    ],
    [
      'no content type',
      () => ask('/token', { method: 'POST', body: new TextEncoder().encode(`client_secret=${CANARY}`) }),
      400,
      'invalid_request',
    ],
    ['bytes that are no UTF-8', () => token(`client_id=app&grant_type=%ff${CANARY}`), 400, 'invalid_request'],
    [
      'a NUL',
      () => token(`client_id=app%00&grant_type=refresh_token&refresh_token=${CANARY}`),
      400,
      'invalid_request',
    ],
    [
      'a hundred parameters',
      () => token(Array.from({ length: 100 }, (_, n) => `p${n}=${CANARY}`).join('&')),
      400,
      'invalid_request',
    ],
  ]
  for (const [name, act, status, error] of TRIES) {
    test(`${name}: ${status} ${error}`, async () => {
      await unchanged(async () => {
        const answer = await act()
        expect([answer.status, JSON.parse(answer.text).error]).toEqual([status, error])
        expect(answer.headers.get('cache-control')).toContain('no-store')
        leaksNothing(answer)
      })
    })
  }

  test('a body without end is cut off', async () => {
    const answer = await token(`client_secret=${CANARY}${'x'.repeat(1_000_000)}`)
    expect([400, 413]).toContain(answer.status)
    leaksNothing(answer)
  })

  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    test(`${method}: 405 with Allow`, async () => {
      const answer = await ask(`/token?client_secret=${CANARY}`, { method })
      expect([answer.status, answer.headers.get('allow')?.includes('POST')]).toEqual([405, true])
      leaksNothing(answer)
    })
  }
})

describe('codes', () => {
  test('another client’s, a wrong verifier, another redirect URI: refused, and the code still works; used twice: refused', async () => {
    const code = await newCode()
    await unchanged(async () => {
      const wrong = [
        `${service()}&grant_type=authorization_code&code=${code}&code_verifier=${VERIFIER}`,
        `client_id=app&grant_type=authorization_code&code=${code}&code_verifier=${'w'.repeat(43)}`,
        `client_id=app&grant_type=authorization_code&code=${code}`,
        `client_id=app&grant_type=authorization_code&code=${code}&code_verifier=${VERIFIER}&redirect_uri=http://127.0.0.1:1/callback`,
      ]
      const errors = await Promise.all(wrong.map(async (body) => JSON.parse((await token(body)).text).error))
      expect(errors).toEqual(['unauthorized_client', 'invalid_grant', 'invalid_request', 'invalid_grant'])
    })
    const good = `client_id=app&grant_type=authorization_code&code=${code}&code_verifier=${VERIFIER}`
    const redeemed = await token(good)
    expect(redeemed.status).toBe(200)
    for (const name of ['access_token', 'refresh_token', 'id_token'])
      secrets.add(String(JSON.parse(redeemed.text)[name]))
    const replayed = await token(good)
    expect([replayed.status, JSON.parse(replayed.text).error]).toEqual([400, 'invalid_grant'])
  })
})

describe('the authorization endpoint', () => {
  const query = (change: Readonly<Record<string, string>>) =>
    new URLSearchParams({
      client_id: 'app',
      redirect_uri: deployment.app.redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: 's',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      ...change,
    })

  for (const [name, change] of [
    ['an unknown client', { client_id: CANARY }],
    ['a mismatching redirect URI', { redirect_uri: `https://evil.example/${CANARY}` }],
    ['an open redirect', { redirect_uri: `http://127.0.0.1/callback/../${CANARY}` }],
  ] as const) {
    test(`${name}: a page for people, no redirect`, async () => {
      await unchanged(async () => {
        const answer = await ask(`/authorize?${query(change)}`)
        expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
        expect(answer.headers.get('content-type')).toContain('text/html')
        leaksNothing(answer)
      })
    })
  }

  test('a repeated parameter, a query without end, a wrong method: refused', async () => {
    expect((await ask(`/authorize?${query({})}&state=${CANARY}`)).status).toBe(400)
    expect([400, 414]).toContain((await ask(`/authorize?${query({})}&x=${CANARY.repeat(1000)}`)).status)
    expect((await ask(`/authorize?${query({})}`, { method: 'PUT' })).status).toBe(405)
  })

  test('what the client is told comes by redirect with error, state and iss', async () => {
    for (const [change, error] of [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ code_challenge: '' }, 'invalid_request'],
      [{ scope: 'admin' }, 'invalid_scope'],
      [{ prompt: 'none' }, 'login_required'],
    ] as const) {
      const answer = await ask(`/authorize?${query(change)}`)
      const { searchParams } = new URL(answer.headers.get('location') ?? '')
      expect([
        answer.status,
        searchParams.get('error'),
        searchParams.get('state'),
        searchParams.get('iss'),
      ]).toEqual([303, error, 's', deployment.issuer])
    }
  })
})

describe('pages and the rest', () => {
  const POSTS = ['/login', '/consent']
  for (const path of POSTS) {
    for (const [name, body, headers] of [
      ['nothing', '', {}],
      ['a forged interaction', `interaction=${CANARY}&username=ada&password=${CANARY}&decision=allow`, {}],
      ['a repeated one', `interaction=${CANARY}&interaction=${CANARY}`, {}],
      ['another origin', `interaction=${CANARY}&password=${CANARY}`, { origin: 'https://evil.example' }],
      ['a cross-site fetch', `interaction=${CANARY}&password=${CANARY}`, { 'sec-fetch-site': 'cross-site' }],
    ] as const) {
      test(`POST ${path} with ${name} is refused`, async () => {
        await unchanged(async () => {
          const answer = await ask(path, { method: 'POST', body, headers: { ...FORM, ...headers } })
          expect(answer.status).toBeGreaterThanOrEqual(400)
          expect(answer.status).toBeLessThan(500)
          leaksNothing(answer)
        })
      })
    }
  }

  test('userinfo refuses a bad token, a token in the query, and asks without a code when nothing was sent', async () => {
    const bad = await ask('/userinfo', { headers: { authorization: `Bearer ${CANARY}` } })
    expect([bad.status, bad.headers.get('www-authenticate')?.includes('invalid_token')]).toEqual([401, true])
    const bare = await ask('/userinfo')
    expect([bare.status, bare.headers.get('www-authenticate')?.includes('error')]).toEqual([401, false])
    expect((await ask(`/userinfo?access_token=${CANARY}`)).status).toBe(400)
    for (const answer of [bad, bare]) leaksNothing(answer)
  })

  const PATHS = [
    '/',
    '/authorize',
    '/login',
    '/consent',
    '/token',
    '/userinfo',
    '/jwks.json',
    '/healthz',
    '/readyz',
    '/.well-known/openid-configuration',
    `/${CANARY}`,
    `/token/${CANARY}`,
  ]
  for (const path of PATHS) {
    test(`${path} with credentials planted everywhere answers without them, and never with 5xx`, async () => {
      for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD', 'DELETE']) {
        const headers = {
          authorization: `Bearer ${CANARY}`,
          cookie: `session=${CANARY}`,
          dpop: CANARY,
          'x-request-id': CANARY,
          'user-agent': CANARY,
          referer: `https://x.example/?code=${CANARY}`,
        }
        const bodies =
          method === 'POST'
            ? [`client_secret=${CANARY}&password=${CANARY}&refresh_token=${CANARY}`, `{"token":"${CANARY}"}`]
            : [undefined]
        for (const body of bodies) {
          const answer = await ask(`${path}?access_token=${CANARY}&code=${CANARY}&client_secret=${CANARY}`, {
            method,
            headers: { ...FORM, ...headers },
            ...(body === undefined ? {} : { body }),
          })
          expect(answer.status).toBeLessThan(500)
          leaksNothing(answer)
        }
      }
    })
  }

  test('a request that is no HTTP, and headers without end, do not stop the server', async () => {
    await fetch(`${deployment.issuer}/`, { headers: { x: CANARY.repeat(5000) } }).catch(() => undefined)
    expect((await ask('/healthz')).status).toBe(200)
  })
})

test('after all of that, the log holds none of what was planted or used', async () => {
  ended = await server.stop()
  const log = ended.stdout + ended.stderr
  expect(log.split('\n').length).toBeGreaterThan(50)
  expect(log).toContain('/token')
  for (const secret of secrets) expect(log.includes(secret)).toBe(false)
})

function leaksNothing({ text, headers }: Answer): void {
  const seen = text + JSON.stringify([...headers])
  for (const secret of secrets) expect(seen.includes(secret)).toBe(false)
}

async function accessToken(): Promise<string> {
  const { text } = await token(`${service()}&grant_type=client_credentials`)
  const { access_token } = JSON.parse(text)
  secrets.add(access_token)
  return access_token
}

async function newCode(): Promise<string> {
  const cookie = await signedInCookie(deployment)
  secrets.add(cookie.split('=')[1] ?? cookie)
  const query = new URLSearchParams({
    client_id: 'app',
    redirect_uri: deployment.app.redirectUri,
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  })
  const answer = await ask(`/authorize?${query}`, { headers: { cookie } })
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
  secrets.add(code)
  return code
}
