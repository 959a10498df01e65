import { authenticate as forExpress } from '@jotwarden/verifier/express'
import { fastifyAuth } from '@jotwarden/verifier/fastify'
import { withAuth as forFetch } from '@jotwarden/verifier/fetch'
import { useAuth } from '@jotwarden/verifier/graphql-yoga'
import { requireAuth as forHono } from '@jotwarden/verifier/hono'
import { authenticate as forKoa } from '@jotwarden/verifier/koa'
import { authenticateMcp } from '@jotwarden/verifier/mcp'
import { withAuth as forNode } from '@jotwarden/verifier/node'
import { createTestIssuer } from '@jotwarden/verifier/testing'
import { createAuthContext } from '@jotwarden/verifier/trpc'
import fastify from 'fastify'
import { describe, expect, test } from 'vitest'

class Inherited {
  get scopes() {
    return ['admin']
  }
}

/** Demands that a copy of the object would leave out. */
const hidden: readonly (readonly [string, object])[] = [
  ['of a prototype', Object.create({ scopes: ['admin'] })],
  ['of a getter of its class', new Inherited()],
  ['that do not show', Object.defineProperty({}, 'scopes', { value: ['admin'], enumerable: false })],
  ['in place of which a handler stands', () => undefined],
]

const { verifier } = await createTestIssuer().then((issuer) => ({ verifier: issuer.verifier() }))
const refused = expect.objectContaining({ code: 'verifier/options' })
const adapters: readonly (readonly [string, (options: object) => unknown])[] = [
  ['fetch', (options) => forFetch(verifier, options, () => new Response())],
  ['node', (options) => forNode(verifier, options, () => undefined)],
  ['express', (options) => forExpress(verifier, options)],
  ['koa', (options) => forKoa(verifier, options)],
  ['hono', (options) => forHono(verifier, options)],
  ['trpc', (options) => createAuthContext(verifier, options)],
  ['graphql-yoga', (options) => useAuth(verifier, options)],
  ['mcp', (options) => authenticateMcp(verifier, options)],
]

describe.each(hidden)('demands %s are refused, not passed over', (_, options) => {
  for (const [name, guard] of adapters) test(name, () => expect(() => guard(options)).toThrow(refused))

  test('fastify, of one route', async () => {
    const app = fastify()
    await app.register(fastifyAuth, { verifier })
    expect(() => app.get('/', { config: { auth: options } }, async () => 'open')).toThrow(refused)
  })

  test('trpc, of one procedure', async () => {
    const { guard } = await createAuthContext(verifier)({ req: new Request('https://api.example') })
    expect(() => guard(options)).toThrow(refused)
  })
})
