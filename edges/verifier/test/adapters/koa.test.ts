import type { Verifier } from '@jotwarden/verifier'
import { authenticate, getAuth, requireAuth } from '@jotwarden/verifier/koa'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, routes, type Served, send } from './scenarios.ts'

function silent(): Koa {
  const app = new Koa()
  app.silent = true
  return app
}

function serve(verifier: Verifier): Promise<Served> {
  const app = silent()
  for (const [name, options] of Object.entries(routes)) {
    const guard = authenticate(verifier, options)
    app.use((context, next) => {
      if (context.path !== `/${name}`) return next()
      return guard(context, async () => {
        const auth = getAuth(context, { optional: true })
        context.body = { subject: auth?.subject ?? null }
        if (name === 'broken') throw new TypeError('a mistake of the route')
        if (name !== 'inside') return
        context.set('x-partial', 'secret')
        auth?.require('admin')
      })
    })
  }
  return listening(app.callback())
}

describeAdapter('authenticate() for Koa 3', serve)

describe('Koa 3', () => {
  test('requireAuth() demands more of the same caller, and inherits the realm; ctx.state.auth is set', async () => {
    const issuer = await LoopbackIssuer.start()
    const app = silent()
    app.use(async (context, next) => {
      context.set('access-control-allow-origin', '*')
      await next()
    })
    app.use(authenticate(issuer.verifier(), { optional: true, realm: 'orders' }))
    app.use(requireAuth({ scopes: ['admin'] }))
    app.use((context) => {
      context.body = context.state.auth === getAuth(context) ? getAuth(context).subject : 'another'
    })
    const { origin } = await listening(app.callback())
    const ask = (token?: string): ReturnType<typeof send> =>
      send(origin, { lines: token === undefined ? [] : [['authorization', `Bearer ${token}`]] })
    const nobody = await ask()
    expect([nobody.status, nobody.headers['www-authenticate'], nobody.body]).toEqual([
      401,
      'Bearer realm="orders", scope="admin"',
      '',
    ])
    expect(nobody.headers['access-control-allow-origin']).toBe('*')
    expect((await ask(await issuer.mint())).status).toBe(403)
    expect((await ask(await issuer.mint({ scope: 'admin' }))).body).toBe('user-1')
  })

  test('requireAuth() and getAuth() without authenticate() are errors of the server, not doors', async () => {
    const issuer = await LoopbackIssuer.start()
    for (const middleware of [requireAuth(), async (context: Koa.Context) => void getAuth(context)]) {
      const app = silent()
      app.use(middleware)
      app.use((context) => {
        context.body = 'open'
      })
      const { origin } = await listening(app.callback())
      const lines = [['authorization', `Bearer ${await issuer.mint()}`]] as const
      expect((await send(origin, { lines })).status).toBe(500)
    }
  })
})
