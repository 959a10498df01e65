import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CANARY, FORM, GuardedServer } from './guarded-server.ts'

// Credentials planted in every part of requests to every address of the real process: none comes out again.

let guarded: GuardedServer

beforeAll(async () => {
  guarded = await GuardedServer.start()
})

afterAll(async () => {
  await guarded.stop()
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
        await guarded.unchanged(async () => {
          const answer = await guarded.ask(path, { method: 'POST', body, headers: { ...FORM, ...headers } })
          expect(answer.status).toBeGreaterThanOrEqual(400)
          expect(answer.status).toBeLessThan(500)
          guarded.leaksNothing(answer)
        })
      })
    }
  }

  test('userinfo refuses a bad token, a token in the query, and asks without a code when nothing was sent', async () => {
    const bad = await guarded.ask('/userinfo', { headers: { authorization: `Bearer ${CANARY}` } })
    expect([bad.status, bad.headers.get('www-authenticate')?.includes('invalid_token')]).toEqual([401, true])
    const bare = await guarded.ask('/userinfo')
    expect([bare.status, bare.headers.get('www-authenticate')?.includes('error')]).toEqual([401, false])
    expect((await guarded.ask(`/userinfo?access_token=${CANARY}`)).status).toBe(400)
    for (const answer of [bad, bare]) guarded.leaksNothing(answer)
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
          const answer = await guarded.ask(
            `${path}?access_token=${CANARY}&code=${CANARY}&client_secret=${CANARY}`,
            {
              method,
              headers: { ...FORM, ...headers },
              ...(body === undefined ? {} : { body }),
            },
          )
          expect(answer.status).toBeLessThan(500)
          guarded.leaksNothing(answer)
        }
      }
    })
  }

  test('a request that is no HTTP, and headers without end, do not stop the server', async () => {
    await fetch(`${guarded.deployment.issuer}/`, { headers: { x: CANARY.repeat(5000) } }).catch(
      () => undefined,
    )
    expect((await guarded.ask('/healthz')).status).toBe(200)
  })
})

test('after all of that, the log holds none of what was planted or used', async () => {
  await guarded.stopWithCleanLog()
})
