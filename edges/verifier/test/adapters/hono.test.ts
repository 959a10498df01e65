import { getRequestListener } from '@hono/node-server'
import type { AuthContext, Verifier } from '@jotwarden/verifier'
import { type AuthVariables, requireAuth } from '@jotwarden/verifier/hono'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer, testKey } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, routes, type Served } from './scenarios.ts'

function serve(verifier: Verifier): Promise<Served> {
  const app = new Hono()
  for (const [name, options] of Object.entries(routes))
    app.get(
      `/${name}`,
      requireAuth(verifier, { ...options, optional: name === 'optional' } as never),
      (c) => {
        const auth = c.get('auth' as never) as AuthContext | undefined
        if (name === 'inside') {
          c.header('x-partial', 'secret')
          auth?.require('admin')
        }
        if (name === 'broken') throw new TypeError('a mistake of the route')
        return c.json({ subject: auth?.subject ?? null })
      },
    )
  app.onError((_, c) => c.text('broken', 500))
  return listening(getRequestListener(app.fetch))
}

describeAdapter('requireAuth() for Hono', serve)

async function api(): Promise<{
  issuer: LoopbackIssuer
  ask: (path: string, token?: string) => Promise<Response>
}> {
  const issuer = await LoopbackIssuer.start()
  const verifier = issuer.verifier()
  const app = new Hono<{ Variables: AuthVariables }>()
  app.get('/any', requireAuth(verifier), (c) => c.json({ subject: c.var.auth.subject }))
  app.get('/read', requireAuth(verifier, { scopes: ['read'], realm: 'orders' }), (c) => c.text('read'))
  app.get('/admin', requireAuth(verifier, { scopes: ['read', 'admin'] }), (c) => c.text('admin'))
  app.get('/step', requireAuth(verifier), (c) => {
    c.header('x-partial', 'secret')
    c.var.auth.require('admin')
    return c.text('admin')
  })
  app.get('/broken', requireAuth(verifier), () => {
    throw new TypeError('a mistake of the route')
  })
  const open = new Hono()
  open.get('/', requireAuth(verifier, { optional: true, scopes: ['read'] }), (c) => {
    const auth: AuthContext | undefined = c.var.auth
    return c.text(auth?.subject ?? 'nobody')
  })
  app.route('/optional', open)
  app.onError((_, c) => c.text('broken', 500))
  const ask = async (path: string, token?: string): Promise<Response> =>
    app.request(path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
  return { issuer, ask }
}

describe('requireAuth() for Hono', () => {
  test('sets c.var.auth', async () => {
    const { issuer, ask } = await api()
    const response = await ask('/any', await issuer.mint())
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ subject: 'user-1' })
  })

  test('answers 401 without an error code when nothing was sent, and never stores it', async () => {
    const { ask } = await api()
    const response = await ask('/any')
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect((await ask('/read')).headers.get('www-authenticate')).toBe('Bearer realm="orders", scope="read"')
  })

  test('answers 401 invalid_token to a bad token', async () => {
    const { issuer, ask } = await api()
    const token = await issuer.mint()
    issuer.clock.pass(3600)
    const response = await ask('/any', token)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await response.text()).toBe('')
  })

  test('scope matrix: each route demands its own', async () => {
    const { issuer, ask } = await api()
    for (const [scope, path, status] of [
      ['read', '/any', 200],
      ['read', '/read', 200],
      ['read', '/admin', 403],
      ['admin', '/read', 403],
      ['read admin', '/admin', 200],
      ['readadmin', '/admin', 403],
    ] as const)
      expect([scope, path, (await ask(path, await issuer.mint({ scope }))).status]).toEqual([
        scope,
        path,
        status,
      ])
    const refused = await ask('/admin', await issuer.mint())
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(refused.headers.get('www-authenticate')).toContain('scope="read admin"')
  })

  test('answers 403 when the handler itself asks for more, dropping what it had begun', async () => {
    const { issuer, ask } = await api()
    const response = await ask('/step', await issuer.mint())
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('scope="admin"')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-partial')).toBeNull()
  })

  test('keeps the headers of CORS, without which no page could read the refusal', async () => {
    const issuer = await LoopbackIssuer.start()
    const app = new Hono<{ Variables: AuthVariables }>()
    app.use(cors({ origin: 'https://app.example' }))
    app.get('/', requireAuth(issuer.verifier()), (c) => {
      c.var.auth.require('admin')
      return c.text('admin')
    })
    for (const authorization of ['Bearer x', `Bearer ${await issuer.mint()}`]) {
      const origin = 'https://app.example'
      const { headers } = await app.request('/', { headers: { authorization, origin } })
      expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
    }
  })

  test('leaves the errors of a route alone', async () => {
    const { issuer, ask } = await api()
    const response = await ask('/broken', await issuer.mint())
    expect([response.status, await response.text()]).toEqual([500, 'broken'])
  })

  test('optional lets nobody pass, but no bad token and no lesser scope', async () => {
    const { issuer, ask } = await api()
    expect(await (await ask('/optional')).text()).toBe('nobody')
    expect(await (await ask('/optional', await issuer.mint())).text()).toBe('user-1')
    expect((await ask('/optional', await issuer.mint({}, testKey().signer))).status).toBe(401)
    expect((await ask('/optional', 'x')).status).toBe(401)
    expect((await ask('/optional', '')).status).toBe(400)
    expect((await ask('/optional?access_token=x')).status).toBe(400)
    expect((await ask('/optional', await issuer.mint({ scope: 'write' }))).status).toBe(403)
  })

  test('answers 503 with Retry-After while the keys cannot be had', async () => {
    const { issuer, ask } = await api()
    const token = await issuer.mint()
    await issuer.stop()
    const response = await ask('/any', token)
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect((await ask('/optional', token)).status).toBe(503)
    expect((await ask('/optional')).status).toBe(200)
  })

  test('refuses scopes and realms that fit into no header, at once', async () => {
    const issuer = await LoopbackIssuer.start()
    expect(() => requireAuth(issuer.verifier(), { scopes: ['a"b'] })).toThrow(
      expect.objectContaining({ code: 'verifier/options' }),
    )
    expect(() => requireAuth(issuer.verifier(), { realm: 'a\nb' })).toThrow(
      expect.objectContaining({ code: 'verifier/options' }),
    )
  })
})
