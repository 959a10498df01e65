import { getRequestListener } from '@hono/node-server'
import type { AuthContext, Verifier } from '@jotwarden/verifier'
import { type AuthOptions, withAuth } from '@jotwarden/verifier/fetch'
import { createTestIssuer } from '@jotwarden/verifier/testing'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, routes, type Served } from './scenarios.ts'

function serve(verifier: Verifier): Promise<Served> {
  const handlers = new Map(
    Object.entries(routes).map(([name, options]) => [
      `/${name}`,
      withAuth(verifier, options, (_, auth) => {
        if (name === 'inside') auth?.require('admin')
        if (name === 'broken') throw new TypeError('a mistake of the route')
        return Response.json({ subject: auth?.subject ?? null })
      }),
    ]),
  )
  const missing = async (): Promise<Response> => new Response(null, { status: 404 })
  const fetch = (request: Request): Promise<Response> =>
    (handlers.get(new URL(request.url).pathname) ?? missing)(request)
  return listening(getRequestListener(fetch, { errorHandler: () => new Response(null, { status: 500 }) }))
}

describeAdapter('withAuth() for Fetch', serve)

describe('withAuth() for Fetch', () => {
  test('refuses at once to guard nothing', async () => {
    const issuer = await createTestIssuer()
    const guard = withAuth as (...given: readonly unknown[]) => unknown
    const handler = () => new Response()
    const verifier = issuer.verifier()
    for (const given of [
      [verifier, {}],
      [verifier, handler],
      [verifier, { scopes: ['a'] }, null],
      [verifier, { scopes: undefined }, handler],
      [verifier, { whenStale: 'Allow' }, handler],
      [issuer.verifierOptions(), {}, handler],
      [undefined, {}, handler],
    ])
      expect(() => guard(...given)).toThrow(expect.objectContaining({ code: 'verifier/options' }))
  })

  test('hands on what its host passes beside the request', async () => {
    const issuer = await LoopbackIssuer.start()
    const handler = withAuth(
      issuer.verifier(),
      {},
      (_, auth, context: { readonly params: { readonly id: string } }) =>
        new Response(`${auth.subject} ${context.params.id}`),
    )
    const request = new Request('https://api.example/', {
      headers: { authorization: `Bearer ${await issuer.mint()}` },
    })
    expect(await (await handler(request, { params: { id: '7' } })).text()).toBe('user-1 7')
  })

  const wrong: readonly [string, object][] = [
    ['a misspelt option', { scope: ['read'] }],
    ['scopes as a text', { scopes: 'read' }],
    ['no scope at all in anyScope', { anyScope: [] }],
    ['no acr value at all', { acrValues: [] }],
    ['a negative maxAge', { maxAge: -1 }],
    ['a maxAge that is no number', { maxAge: '300' }],
    ['optional as a text', { optional: 'false' }],
    ['a scope that fits into no header', { scopes: ['a"b'] }],
    ['a realm that fits into no header', { realm: 'a\nb' }],
    ['metadata that is no URL', { resourceMetadata: '/metadata' }],
    ['fresh without a credential', { fresh: true }],
  ]
  for (const [name, options] of wrong)
    test(`throws verifier/options at once for ${name}`, async () => {
      const verifier = (await LoopbackIssuer.start()).verifier()
      expect(() => withAuth(verifier, options, () => new Response())).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      )
    })

  test('gives a handler a caller by type, and nobody only where optional may be true', async () => {
    const verifier = (await LoopbackIssuer.start()).verifier()
    const wide: AuthOptions = {}
    const open = (): Response => new Response()
    withAuth(verifier, {}, (_, auth) => {
      expectTypeOf(auth).toEqualTypeOf<AuthContext>()
      return open()
    })
    withAuth(verifier, { scopes: ['a'], optional: false }, (_, auth) => {
      expectTypeOf(auth).toEqualTypeOf<AuthContext>()
      return open()
    })
    withAuth(verifier, { optional: true }, (_, auth) => {
      expectTypeOf(auth).toEqualTypeOf<AuthContext | undefined>()
      return open()
    })
    withAuth(verifier, wide, (_, auth) => {
      expectTypeOf(auth).toEqualTypeOf<AuthContext | undefined>()
      return open()
    })
  })
})
