import type { Verifier } from '@jotwarden/verifier'
import {
  type FastifyAuthOptions,
  fastifyAuth,
  getAuth,
  serveResourceMetadata,
} from '@jotwarden/verifier/fastify'
import { protectedResourceMetadata } from '@jotwarden/verifier/resource-metadata'
import fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { describeAdapter, routes, type Served, send } from './scenarios.ts'

async function served(app: FastifyInstance): Promise<Served> {
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  return { origin, stop: () => app.close() }
}

function serve(verifier: Verifier): Promise<Served> {
  const app = fastify()
  void app.register(fastifyAuth, { verifier })
  for (const [name, auth] of Object.entries(routes))
    app.get(`/${name}`, { config: { auth } }, async (request, reply) => {
      if (name === 'inside') {
        void reply.header('x-partial', 'secret')
        getAuth(request).require('admin')
      }
      if (name === 'broken') throw new TypeError('a mistake of the route')
      return { subject: request.auth?.subject ?? null }
    })
  return served(app)
}

describeAdapter('fastifyAuth() for Fastify 5', serve)

describe('Fastify 5', () => {
  async function guarded(
    build: (app: FastifyInstance) => unknown,
    options: Omit<FastifyAuthOptions, 'verifier'> = {},
  ): Promise<{ issuer: LoopbackIssuer; ask: (path: string, token?: string) => ReturnType<typeof send> }> {
    const issuer = await LoopbackIssuer.start()
    const app = fastify()
    await app.register(fastifyAuth, { verifier: issuer.verifier(), realm: 'orders', ...options })
    await build(app)
    const { origin, stop } = await served(app)
    onTestFinished(async () => void (await stop()))
    return {
      issuer,
      ask: (path, token) =>
        send(origin + path, { lines: token === undefined ? [] : [['authorization', `Bearer ${token}`]] }),
    }
  }

  test('a route needs a token though it says nothing, and is open only where that is written', async () => {
    const { issuer, ask } = await guarded((app) => {
      app.get('/silent', async () => 'silent')
      app.get('/open', { config: { auth: false } }, async (request) => String(request.auth))
      app.get('/mistaken', { config: { auth: false } }, async (request) => getAuth(request).subject)
      void app.register((inner, _, done) => {
        inner.get('/inner', async () => 'inner')
        done()
      })
    })
    for (const path of ['/silent', '/inner', '/nowhere']) expect((await ask(path)).status).toBe(401)
    expect((await ask('/silent', await issuer.mint())).body).toBe('silent')
    expect((await ask('/open')).body).toBe('null')
    expect((await ask('/mistaken')).status).toBe(500)
  })

  test('a route that makes demands lets nobody pass without a token, though the plugin does', async () => {
    const { issuer, ask } = await guarded(
      (app) => {
        app.get('/silent', async () => 'silent')
        app.get('/admin', { config: { auth: { scopes: ['admin'] } } }, async () => 'admin')
        app.get('/both', { config: { auth: { scopes: ['admin'], optional: true } } }, async () => 'both')
      },
      { optional: true },
    )
    expect((await ask('/silent')).body).toBe('silent')
    expect((await ask('/both')).body).toBe('both')
    expect((await ask('/admin')).status).toBe(401)
    expect((await ask('/admin', await issuer.mint({ scope: 'admin' }))).body).toBe('admin')
  })

  test('fastify.requireAuth() demands more of the caller', async () => {
    const { issuer, ask } = await guarded((app) => {
      app.get('/admin', { onRequest: app.requireAuth({ scopes: ['admin'] }) }, async () => 'admin')
    })
    const refused = await ask('/admin', await issuer.mint())
    expect(refused.status).toBe(403)
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer realm="orders", .*scope="admin"$/)
    expect((await ask('/admin', await issuer.mint({ scope: 'admin' }))).body).toBe('admin')
  })

  test("an application's error handler stays in charge of what it answers, and of no refusal it leaves", async () => {
    const { issuer, ask } = await guarded((app) => {
      app.setErrorHandler((error, request, reply) => {
        if (request.url === '/own') return reply.code(418).send('own')
        throw error
      })
      for (const path of ['/own', '/left'])
        app.get(path, async (request) => {
          getAuth(request).require('admin')
        })
    })
    expect((await ask('/own', await issuer.mint())).status).toBe(418)
    const left = await ask('/left', await issuer.mint())
    expect([left.status, left.body]).toEqual([403, ''])
  })

  test('options that cannot work keep the server from starting', async () => {
    const verifier = (await LoopbackIssuer.start()).verifier()
    const app = fastify()
    await app.register(fastifyAuth, { verifier })
    expect(() => app.get('/', { config: { auth: { scopes: ['a"b'] } } }, async () => '')).toThrow(
      expect.objectContaining({ code: 'verifier/options' }),
    )
  })

  test('serves the metadata of the resource openly, beside routes that are not', async () => {
    const metadata = protectedResourceMetadata({
      resource: 'https://api.example/orders',
      authorizationServers: ['https://issuer.example'],
    })
    const { ask } = await guarded((app) => serveResourceMetadata(app, metadata))
    const { status, body } = await ask('/.well-known/oauth-protected-resource/orders')
    expect([status, JSON.parse(body)]).toEqual([200, metadata.document])
    expect((await ask('/.well-known/oauth-protected-resource')).status).toBe(401)
  })
})
