import type { AuthContext, Verifier } from '@jotwarden/verifier'
import { authMiddleware, authResponseMeta, createAuthContext, type TrpcAuth } from '@jotwarden/verifier/trpc'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, routes, type Served } from './scenarios.ts'

const t = initTRPC.context<TrpcAuth>().create()

function routerOf() {
  const { any, read, admin, either, neither, gold, described } = routes
  const guarded = (demands: Parameters<typeof authMiddleware>[0]) =>
    t.procedure.use(authMiddleware(demands)).query(({ ctx }) => ({ subject: ctx.auth.subject }))
  return t.router({
    any: guarded(any),
    read: guarded(read),
    admin: guarded(admin),
    either: guarded(either),
    neither: guarded(neither),
    gold: guarded(gold),
    described: guarded(described),
    optional: t.procedure.query(({ ctx }) => ({ subject: ctx.auth?.subject ?? null })),
    inside: t.procedure.use(authMiddleware()).query(({ ctx }) => {
      ctx.auth.require('admin')
      return { subject: ctx.auth.subject }
    }),
    broken: t.procedure.use(authMiddleware()).query(() => {
      throw new TypeError('a mistake of the route')
    }),
  })
}

function serve(verifier: Verifier): Promise<Served> {
  return listening(
    createHTTPHandler({
      router: routerOf(),
      createContext: createAuthContext(verifier),
      responseMeta: authResponseMeta,
    }),
  )
}

describeAdapter('authMiddleware() for tRPC 11', serve)

describe('tRPC 11', () => {
  test('works with the adapter for Fetch too', async () => {
    const issuer = await LoopbackIssuer.start()
    const createContext = createAuthContext(issuer.verifier(), { realm: 'orders' })
    const ask = async (path: string, token?: string): Promise<Response> =>
      fetchRequestHandler({
        endpoint: '',
        req: new Request(`https://api.example/${path}`, {
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        }),
        router: routerOf(),
        createContext,
        responseMeta: authResponseMeta,
      })
    expect(await (await ask('any', await issuer.mint())).json()).toEqual({
      result: { data: { subject: 'user-1' } },
    })
    const refused = await ask('admin', await issuer.mint())
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer realm="orders", error="insufficient_scope", error_description="The access token grants too little", scope="read admin"',
    ])
    expect((await refused.json()).error.data.code).toBe('FORBIDDEN')
  })

  test('says no more than the code to the client', async () => {
    const issuer = await LoopbackIssuer.start()
    const { origin } = await serve(issuer.verifier())
    const now = issuer.clock.now()
    const expired = await issuer.mint({ iat: now - 700, exp: now - 100 })
    const response = await fetch(`${origin}/any`, { headers: { authorization: `Bearer ${expired}` } })
    expect((await response.json()).error.message).toBe('UNAUTHORIZED')
  })

  test('a context of a connection that outlives its token lets no further call pass', async () => {
    const issuer = await LoopbackIssuer.start()
    const headers = { authorization: `Bearer ${await issuer.mint()}` }
    const req = new Request('https://api.example/', { headers })
    const ctx = await createAuthContext(issuer.verifier())({ req })
    const caller = routerOf().createCaller(ctx)
    const left = (ctx.auth?.expiresAt ?? 0) - issuer.clock.now()
    issuer.clock.pass(left + 29)
    expect(await caller.any()).toEqual({ subject: 'user-1' })
    issuer.clock.pass(31)
    await expect(caller.any()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('ctx.auth is nobody by type, until authMiddleware() has let the call pass', () => {
    t.procedure.query(({ ctx }) => expectTypeOf(ctx.auth).toEqualTypeOf<AuthContext | undefined>())
    t.procedure.use(authMiddleware()).query(({ ctx }) => expectTypeOf(ctx.auth).toEqualTypeOf<AuthContext>())
    expect(t).toBeDefined()
  })
})
