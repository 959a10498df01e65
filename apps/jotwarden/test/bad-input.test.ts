import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, CANARY, CHALLENGE, GuardedServer, VERIFIER } from './guarded-server.ts'

// Bad input at the protocol's endpoints of the real process: the RFC's error, nothing changed in the store, and no
// credential that was planted, or really used, in any answer or log line.

const unknownSecret = `client_id=service&client_secret=${CANARY}`

let guarded: GuardedServer

beforeAll(async () => {
  guarded = await GuardedServer.start()
})

afterAll(async () => {
  await guarded.stop()
})

describe('the token endpoint', () => {
  const TRIES: readonly (readonly [string, () => Promise<Answer>, number, string])[] = [
    ['an empty body', () => guarded.token(''), 401, 'invalid_client'],
    ['no grant_type', () => guarded.token(guarded.service), 400, 'invalid_request'],
    [
      'an unknown grant_type',
      () => guarded.token(`${guarded.service}&grant_type=${CANARY}`),
      400,
      'unsupported_grant_type',
    ],
    [
      'password',
      () => guarded.token(`${guarded.service}&grant_type=password&username=ada&password=${CANARY}`),
      400,
      'unsupported_grant_type',
    ],
    [
      'a repeated parameter',
      () => guarded.token(`${guarded.service}&grant_type=client_credentials&grant_type=client_credentials`),
      400,
      'invalid_request',
    ],
    [
      'a wrong secret',
      () => guarded.token(`${unknownSecret}&grant_type=client_credentials`),
      401,
      'invalid_client',
    ],
    [
      'a wrong secret in Basic',
      () =>
        guarded.token('grant_type=client_credentials', {
          authorization: `Basic ${btoa(`service:${CANARY}`)}`,
        }),
      401,
      'invalid_client',
    ],
    [
      'two methods at once',
      () =>
        guarded.token(`${guarded.service}&grant_type=client_credentials`, {
          authorization: `Basic ${btoa(`service:${CANARY}`)}`,
        }),
      400,
      'invalid_request',
    ],
    [
      'an unknown code',
      () =>
        guarded.token(`client_id=app&grant_type=authorization_code&code=${CANARY}&code_verifier=${VERIFIER}`),
      400,
      'invalid_grant',
    ],
    [
      'an unknown refresh token',
      () => guarded.token(`client_id=app&grant_type=refresh_token&refresh_token=${CANARY}`),
      400,
      'invalid_grant',
    ],
    [
      'an access token as refresh token',
      async () =>
        guarded.token(`client_id=app&grant_type=refresh_token&refresh_token=${await guarded.accessToken()}`),
      400,
      'invalid_grant',
    ],
    [
      'a scope too wide',
      () => guarded.token(`${guarded.service}&grant_type=client_credentials&scope=${CANARY}`),
      400,
      'invalid_scope',
    ],
    [
      'an unknown resource',
      () =>
        guarded.token(`${guarded.service}&grant_type=client_credentials&resource=https://${CANARY}.example`),
      400,
      'invalid_target',
    ],
    [
      'JSON',
      () =>
        guarded.ask('/token', {
          method: 'POST',
          body: JSON.stringify({ client_secret: CANARY }),
          headers: { 'content-type': 'application/json' },
        }),
      400,
      'invalid_request',
    ],
    [
      'no content type',
      () =>
        guarded.ask('/token', { method: 'POST', body: new TextEncoder().encode(`client_secret=${CANARY}`) }),
      400,
      'invalid_request',
    ],
    [
      'bytes that are no UTF-8',
      () => guarded.token(`client_id=app&grant_type=%ff${CANARY}`),
      400,
      'invalid_request',
    ],
    [
      'a NUL',
      () => guarded.token(`client_id=app%00&grant_type=refresh_token&refresh_token=${CANARY}`),
      400,
      'invalid_request',
    ],
    [
      'a hundred parameters',
      () => guarded.token(Array.from({ length: 100 }, (_, n) => `p${n}=${CANARY}`).join('&')),
      400,
      'invalid_request',
    ],
  ]
  for (const [name, act, status, error] of TRIES) {
    test(`${name}: ${status} ${error}`, async () => {
      await guarded.unchanged(async () => {
        const answer = await act()
        expect([answer.status, JSON.parse(answer.text).error]).toEqual([status, error])
        expect(answer.headers.get('cache-control')).toContain('no-store')
        guarded.leaksNothing(answer)
      })
    })
  }

  test('a body without end is cut off', async () => {
    const answer = await guarded.token(`client_secret=${CANARY}${'x'.repeat(1_000_000)}`)
    expect([400, 413]).toContain(answer.status)
    guarded.leaksNothing(answer)
  })

  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    test(`${method}: 405 with Allow`, async () => {
      const answer = await guarded.ask(`/token?client_secret=${CANARY}`, { method })
      expect([answer.status, answer.headers.get('allow')?.includes('POST')]).toEqual([405, true])
      guarded.leaksNothing(answer)
    })
  }
})

describe('codes', () => {
  test('another client’s, a wrong verifier, another redirect URI: refused, and the code still works; used twice: refused', async () => {
    const code = await guarded.newCode()
    await guarded.unchanged(async () => {
      const wrong = [
        `${guarded.service}&grant_type=authorization_code&code=${code}&code_verifier=${VERIFIER}`,
        `client_id=other&grant_type=authorization_code&code=${code}&code_verifier=${VERIFIER}`,
        `client_id=app&grant_type=authorization_code&code=${code}&code_verifier=${'w'.repeat(43)}`,
        `client_id=app&grant_type=authorization_code&code=${code}`,
        `client_id=app&grant_type=authorization_code&code=${code}&code_verifier=${VERIFIER}&redirect_uri=http://127.0.0.1:1/callback`,
      ]
      const errors = await Promise.all(
        wrong.map(async (body) => JSON.parse((await guarded.token(body)).text).error),
      )
      expect(errors).toEqual([
        'unauthorized_client',
        'invalid_grant',
        'invalid_grant',
        'invalid_request',
        'invalid_grant',
      ])
    })
    const good = `client_id=app&grant_type=authorization_code&code=${code}&code_verifier=${VERIFIER}`
    const redeemed = await guarded.token(good)
    expect(redeemed.status).toBe(200)
    for (const name of ['access_token', 'refresh_token', 'id_token'])
      guarded.guard(String(JSON.parse(redeemed.text)[name]))
    const replayed = await guarded.token(good)
    expect([replayed.status, JSON.parse(replayed.text).error]).toEqual([400, 'invalid_grant'])
  })
})

describe('the authorization endpoint', () => {
  const query = (change: Readonly<Record<string, string>>) =>
    new URLSearchParams({
      client_id: 'app',
      redirect_uri: guarded.deployment.app.redirectUri,
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
      await guarded.unchanged(async () => {
        const answer = await guarded.ask(`/authorize?${query(change)}`)
        expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
        expect(answer.headers.get('content-type')).toContain('text/html')
        guarded.leaksNothing(answer)
      })
    })
  }

  test('a repeated parameter, a query without end, a wrong method: refused', async () => {
    expect((await guarded.ask(`/authorize?${query({})}&state=${CANARY}`)).status).toBe(400)
    expect([400, 414]).toContain(
      (await guarded.ask(`/authorize?${query({})}&x=${CANARY.repeat(1000)}`)).status,
    )
    expect((await guarded.ask(`/authorize?${query({})}`, { method: 'PUT' })).status).toBe(405)
  })

  test('what the client is told comes by redirect with error, state and iss', async () => {
    for (const [change, error] of [
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ code_challenge: '' }, 'invalid_request'],
      [{ scope: 'admin' }, 'invalid_scope'],
      [{ prompt: 'none' }, 'login_required'],
    ] as const) {
      const answer = await guarded.ask(`/authorize?${query(change)}`)
      const { searchParams } = new URL(answer.headers.get('location') ?? '')
      expect([
        answer.status,
        searchParams.get('error'),
        searchParams.get('state'),
        searchParams.get('iss'),
      ]).toEqual([303, error, 's', guarded.deployment.issuer])
    }
  })
})

test('after all of that, the log holds none of what was planted or used', async () => {
  await guarded.stopWithCleanLog()
})
