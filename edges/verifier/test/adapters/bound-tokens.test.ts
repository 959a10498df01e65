import { getRequestListener } from '@hono/node-server'
import type { Verifier } from '@jotwarden/verifier'
import { dpop } from '@jotwarden/verifier/dpop'
import { authenticate as forExpress } from '@jotwarden/verifier/express'
import { fastifyAuth } from '@jotwarden/verifier/fastify'
import { withAuth as forFetch } from '@jotwarden/verifier/fetch'
import { useAuth } from '@jotwarden/verifier/graphql-yoga'
import { requireAuth } from '@jotwarden/verifier/hono'
import { authenticate as forKoa } from '@jotwarden/verifier/koa'
import { withAuth as forNode } from '@jotwarden/verifier/node'
import { createTestIssuer, createTestProofKey } from '@jotwarden/verifier/testing'
import { authMiddleware, authResponseMeta, createAuthContext, type TrpcAuth } from '@jotwarden/verifier/trpc'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import express from 'express'
import fastify from 'fastify'
import { createSchema, createYoga } from 'graphql-yoga'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listening } from './listening.ts'
import { type Answer, type Served, send } from './scenarios.ts'

/** Frameworks that serve `/` to everybody with a token, and `/admin` to whoever has that scope. */
const hosts: Readonly<Record<string, (verifier: Verifier) => Promise<Served>>> = {
  Fetch: (verifier) => {
    const root = forFetch(verifier, {}, () => new Response('ok'))
    const admin = forFetch(verifier, { scopes: ['admin'] }, () => new Response('ok'))
    return listening(
      getRequestListener((request) => (request.url.endsWith('/admin') ? admin : root)(request)),
    )
  },
  'node:http': (verifier) => {
    const root = forNode(verifier, {}, (_, response) => response.end('ok'))
    const admin = forNode(verifier, { scopes: ['admin'] }, (_, response) => response.end('ok'))
    return listening((request, response) => {
      void (request.url === '/admin' ? admin : root)(request, response)
    })
  },
  Express: (verifier) => {
    const app = express()
    app.get('/', forExpress(verifier), (_, response) => void response.send('ok'))
    app.get('/admin', forExpress(verifier, { scopes: ['admin'] }), (_, response) => void response.send('ok'))
    return listening(app)
  },
  Koa: (verifier) => {
    const app = new Koa()
    const guards = new Map([
      ['/', forKoa(verifier)],
      ['/admin', forKoa(verifier, { scopes: ['admin'] })],
    ])
    app.use((context, next) => guards.get(context.path)?.(context, next))
    app.use((context) => {
      context.body = 'ok'
    })
    return listening(app.callback())
  },
  Fastify: async (verifier) => {
    const app = fastify()
    await app.register(fastifyAuth, { verifier })
    app.get('/', async () => 'ok')
    app.get('/admin', { config: { auth: { scopes: ['admin'] } } }, async () => 'ok')
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    return { origin, stop: () => app.close() }
  },
  Hono: (verifier) => {
    const app = new Hono()
    app.get('/', requireAuth(verifier), (c) => c.text('ok'))
    app.get('/admin', requireAuth(verifier, { scopes: ['admin'] }), (c) => c.text('ok'))
    return listening(getRequestListener(app.fetch))
  },
  tRPC: (verifier) => {
    const t = initTRPC.context<TrpcAuth>().create()
    const router = t.router({
      '': t.procedure.use(authMiddleware()).query(() => 'ok'),
      admin: t.procedure.use(authMiddleware({ scopes: ['admin'] })).query(() => 'ok'),
    })
    const createContext = createAuthContext(verifier)
    return listening(createHTTPHandler({ router, createContext, responseMeta: authResponseMeta }))
  },
  'GraphQL Yoga': async (verifier) => {
    const schema = createSchema({ typeDefs: 'type Query { a: Int }' })
    const root = createYoga({ schema, graphqlEndpoint: '/', plugins: [useAuth(verifier)] })
    const scoped = [useAuth(verifier, { scopes: ['admin'] })]
    const admin = createYoga({ schema, graphqlEndpoint: '/admin', plugins: scoped })
    const served = await listening((request, response) => {
      void (request.url?.startsWith('/admin') ? admin : root)(request, response)
    })
    return { ...served, ask: (route) => ({ method: 'GET', path: `${route}?query={a}` }) }
  },
}

describe('a token that is bound to a key', () => {
  for (const [name, host] of Object.entries(hosts))
    test(`needs one proof with a nonce of ours, which every answer renews: ${name}`, async () => {
      const issuer = await createTestIssuer()
      const { origin, stop, ask: asking } = await host(issuer.verifier({ dpop: dpop({ required: false }) }))
      onTestFinished(async () => void (await stop()))
      const key = await createTestProofKey()
      const token = await issuer.mint({ cnf: { jkt: key.thumbprint }, scope: 'read' })
      const ask = async (path: string, nonce?: string, proofs = 1): Promise<Answer> => {
        const url = `${origin}${asking?.(path as never).path ?? path}`
        const lines: [string, string][] = [['authorization', `DPoP ${token}`]]
        for (let count = 0; count < proofs; count += 1) {
          const claims = nonce === undefined ? {} : { nonce }
          lines.push(['dpop', await key.proof({ method: 'GET', url }, token, issuer.clock.now(), claims)])
        }
        return send(url, { lines })
      }

      const first = await ask('/')
      expect([first.status, first.headers['www-authenticate']]).toEqual([
        401,
        expect.stringMatching(/^DPoP error="use_dpop_nonce".*, Bearer$/),
      ])
      const nonce = String(first.headers['dpop-nonce'])
      // The nonce before is still good, and its time to be renewed has come
      issuer.clock.pass(300)
      const second = await ask('/', nonce)
      expect([second.status, second.headers['dpop-nonce']]).toEqual([200, expect.any(String)])
      const refused = await ask('/admin', nonce)
      expect([refused.status, refused.headers['www-authenticate'], refused.headers['dpop-nonce']]).toEqual([
        403,
        expect.stringMatching(/^DPoP error="insufficient_scope".*, Bearer scope="admin"$/),
        expect.any(String),
      ])
      const twice = await ask('/', nonce, 2)
      expect([twice.status, twice.headers['www-authenticate']]).toEqual([
        401,
        expect.stringMatching(/^DPoP error="invalid_dpop_proof"/),
      ])
      const asBearer = await send(`${origin}${asking?.('/' as never).path ?? '/'}`, {
        lines: [['authorization', `Bearer ${token}`]],
      })
      expect([asBearer.status, asBearer.headers['www-authenticate']]).toEqual([
        401,
        expect.stringMatching(/^DPoP algs="[^"]*", Bearer error="invalid_token"/),
      ])
    })
})
