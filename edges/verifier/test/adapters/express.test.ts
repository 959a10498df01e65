import type { Verifier } from '@jotwarden/verifier'
import { authErrors, authenticate, getAuth, requireAuth } from '@jotwarden/verifier/express'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, routes, type Served, send } from './scenarios.ts'

function serve(verifier: Verifier): Promise<Served> {
  const app = express()
  app.set('env', 'test')
  app.use('/optional', authenticate(verifier, routes.optional), (request, response) => {
    response.json({ subject: getAuth(request, { optional: true })?.subject ?? null })
  })
  for (const [name, options] of Object.entries(routes))
    app.use(`/${name}`, authenticate(verifier, options), (request, response) => {
      const auth = getAuth(request)
      if (name === 'inside') {
        response.setHeader('x-partial', 'secret')
        auth.require('admin')
      }
      if (name === 'broken') throw new TypeError('a mistake of the route')
      response.json({ subject: auth.subject })
    })
  app.use(authErrors())
  return listening(app)
}

describeAdapter('authenticate() for Express 5', serve)

describe('Express 5', () => {
  async function guarded(build: (app: express.Express, verifier: Verifier) => void): Promise<{
    issuer: LoopbackIssuer
    ask: (path: string, token?: string, method?: string) => ReturnType<typeof send>
  }> {
    const issuer = await LoopbackIssuer.start()
    const app = express()
    app.set('env', 'test')
    build(app, issuer.verifier())
    const { origin } = await listening(app)
    return {
      issuer,
      ask: (path, token, method = 'GET') =>
        send(origin + path, {
          method,
          lines: token === undefined ? [] : [['authorization', `Bearer ${token}`]],
        }),
    }
  }

  test('requireAuth() refuses at once what would demand nothing', () => {
    for (const options of [{ scope: ['read'] }, new Map([['scopes', ['read']]]), null, { scopes: 'read' }])
      expect(() => requireAuth(options as unknown as object)).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      )
  })

  test('requireAuth() demands more of the same caller, and inherits realm and metadata', async () => {
    const resourceMetadata = 'https://api.example/.well-known/oauth-protected-resource'
    const { issuer, ask } = await guarded((app, verifier) => {
      app.use(authenticate(verifier, { optional: true, realm: 'orders', resourceMetadata }))
      app.get('/open', (_, response) => void response.send('open'))
      app.get('/admin', requireAuth({ scopes: ['admin'] }), (request, response) => {
        response.send(getAuth(request).subject)
      })
    })
    expect((await ask('/open')).status).toBe(200)
    expect((await ask('/open', 'bad')).status).toBe(401)
    const nobody = await ask('/admin')
    expect([nobody.status, nobody.headers['www-authenticate']]).toEqual([
      401,
      `Bearer realm="orders", scope="admin", resource_metadata="${resourceMetadata}"`,
    ])
    expect((await ask('/admin', await issuer.mint())).status).toBe(403)
    expect((await ask('/admin', await issuer.mint({ scope: 'admin' }))).body).toBe('user-1')
  })

  test('sets req.auth', async () => {
    const { issuer, ask } = await guarded((app, verifier) => {
      app.use(authenticate(verifier))
      app.get('/', (request, response) => {
        const { auth }: { auth?: unknown } = request
        response.json(auth === getAuth(request))
      })
    })
    expect((await ask('/', await issuer.mint())).body).toBe('true')
  })

  test('requireAuth() and getAuth() without authenticate() are errors of the server, not doors', async () => {
    const { issuer, ask } = await guarded((app) => {
      app.get('/require', requireAuth(), (_, response) => void response.send('open'))
      app.get('/get', (request, response) => void response.send(getAuth(request).subject))
      app.use(authErrors())
    })
    for (const path of ['/require', '/get']) expect((await ask(path, await issuer.mint())).status).toBe(500)
  })

  test('getAuth() without a caller ends as 401', async () => {
    const { ask } = await guarded((app, verifier) => {
      app.use(authenticate(verifier, { optional: true }))
      app.get('/', (request, response) => void response.send(getAuth(request).subject))
      app.use(authErrors())
    })
    const { status, headers } = await ask('/')
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer'])
  })

  for (const cause of [undefined, null, 'route', 'router'])
    test(`goes on to no handler when a verifier fails with ${cause}`, async () => {
      const { ask } = await guarded((app, verifier) => {
        const failing = { ...verifier, authenticate: () => Promise.reject(cause) }
        app.get('/', authenticate(failing), (_, response) => void response.send('open'))
        app.get('/', (_, response) => void response.send('open'))
      })
      expect((await ask('/')).status).toBe(500)
    })

  test('HEAD and OPTIONS need a token like any other method', async () => {
    const { ask } = await guarded((app, verifier) => {
      app.use(authenticate(verifier))
      app.all('/', (_, response) => void response.send('open'))
    })
    for (const method of ['HEAD', 'OPTIONS', 'POST'])
      expect((await ask('/', undefined, method)).status).toBe(401)
  })

  test('a refusal keeps the headers that came before the handler, such as those of CORS', async () => {
    const { issuer, ask } = await guarded((app, verifier) => {
      app.use((_, response, next) => {
        response.setHeader('access-control-allow-origin', 'https://app.example')
        next()
      })
      app.use(authenticate(verifier))
      app.get('/', (request, response) => {
        response.setHeader('x-partial', 'secret')
        getAuth(request).require('admin')
      })
      app.use(authErrors())
    })
    for (const token of [undefined, await issuer.mint()]) {
      const { headers } = await ask('/', token)
      expect(headers['access-control-allow-origin']).toBe('https://app.example')
      expect(headers['x-partial']).toBeUndefined()
    }
  })
})
