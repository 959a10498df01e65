import { requireAuth } from '@jotwarden/verifier/hono'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { LoopbackFeed } from './loopback-feed.ts'

async function api(introspection: object = { active: true, scope: 'read' }) {
  const feed = await LoopbackFeed.start()
  feed.issuer.endpoints.introspection_endpoint = `${feed.issuer.origin}/introspect`
  feed.issuer.answers.set('/introspect', (_, response) => response.end(JSON.stringify(introspection)))
  const verifier = await feed.streaming()
  feed.behaviour = () => undefined
  const app = new Hono()
  app.get('/plain', requireAuth(verifier), (c) => c.text('plain'))
  app.get('/allow', requireAuth(verifier, { whenStale: 'allow' }), (c) => c.text('allow'))
  app.get('/fresh', requireAuth(verifier, { fresh: true, scopes: ['read'] }), (c) =>
    c.text([...c.var.auth.scopes].join(' ')),
  )
  app.get('/step', requireAuth(verifier), async (c) => {
    c.header('x-partial', 'secret')
    return c.text((await c.var.auth.requireFresh()).subject)
  })
  const ask = async (path: string): Promise<Response> =>
    app.request(path, { headers: { authorization: `Bearer ${await feed.issuer.mint()}` } })
  return { feed, ask }
}

describe('requireAuth() for Hono', () => {
  test('answers 503 with Retry-After while stale, and passes where the route says allow', async () => {
    const { feed, ask } = await api()
    expect((await ask('/plain')).status).toBe(200)
    feed.issuer.steadyClock.pass(31)
    const response = await ask('/plain')
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe('')
    expect((await ask('/allow')).status).toBe(200)
    expect((await ask('/fresh')).status).toBe(503)
  })

  test('fresh sets what the issuer says now', async () => {
    const { ask } = await api()
    expect(await (await ask('/fresh')).text()).toBe('read')
    expect((await (await api({ active: true })).ask('/fresh')).status).toBe(403)
  })

  test('fresh answers 401 when the issuer has taken the token back, and 503 when it cannot be asked', async () => {
    const response = await (await api({ active: false })).ask('/fresh')
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect((await (await api({})).ask('/fresh')).status).toBe(503)
  })

  test('requireFresh in the handler is answered alike, dropping what it had begun', async () => {
    expect(await (await (await api()).ask('/step')).text()).toBe('user-1')
    for (const [answer, status] of [
      [{ active: false }, 401],
      [{}, 503],
    ] as const) {
      const response = await (await api(answer)).ask('/step')
      expect(response.status).toBe(status)
      expect(response.headers.get('x-partial')).toBeNull()
    }
  })

  test('fresh is refused at once where the verifier has no credential', async () => {
    const issuer = await LoopbackIssuer.start()
    expect(() => requireAuth(issuer.verifier(), { fresh: true })).toThrow(
      expect.objectContaining({ code: 'verifier/options' }),
    )
    expect(() => requireAuth(issuer.verifier(), { whenStale: 'allow' })).not.toThrow()
  })
})
