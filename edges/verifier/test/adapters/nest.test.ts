import { createTestIssuer, createTestProofKey, type TestIssuer } from '@jotwarden/verifier/testing'
import { expect, onTestFinished, test } from 'vitest'
import { audience } from '../loopback-issuer.ts'
import { describeWith, loadApp } from './runtimes.ts'
import { type Answer, describeAdapter, type Served, send } from './scenarios.ts'

interface NestApp {
  start(platform: 'express' | 'fastify', options: object, takes?: 'bound'): Promise<Served>
}

const packages = ['@nestjs/core', '@nestjs/platform-express', '@nestjs/platform-fastify', '@nestjs/apollo']

describeWith(packages, 'AuthModule for NestJS', () => {
  const app = loadApp('nest/app.ts') as Promise<NestApp>

  for (const platform of ['express', 'fastify'] as const)
    describeAdapter(`on ${platform}`, async (_, { issuer, clock }) =>
      (await app).start(platform, { issuer, audience, clock, revocation: null }),
    )

  async function started(
    platform: 'express' | 'fastify' = 'express',
    takes?: 'bound',
  ): Promise<{
    issuer: TestIssuer
    origin: string
    ask: (path: string, token?: string) => Promise<Answer>
  }> {
    const issuer = await createTestIssuer()
    const { origin, stop } = await (await app).start(platform, issuer.verifierOptions(), takes)
    onTestFinished(async () => void (await stop()))
    return {
      issuer,
      origin,
      ask: (path, token) =>
        send(origin + path, { lines: token === undefined ? [] : [['authorization', `Bearer ${token}`]] }),
    }
  }

  for (const platform of ['express', 'fastify'] as const)
    test(`decorators of controllers and methods on ${platform}: all demands hold, and only what is marked is open`, async () => {
      const { issuer, ask } = await started(platform)
      const read = await issuer.mint({ scope: 'read' })
      const admin = await issuer.mint({ scope: 'admin' })
      const both = await issuer.mint({ scope: 'read admin' })
      for (const [path, token, status] of [
        ['/public', undefined, 200],
        ['/public', 'bad', 200],
        ['/open', undefined, 200],
        ['/open/admin', undefined, 401],
        ['/open/admin', read, 403],
        ['/open/admin', admin, 200],
        ['/open/torn', undefined, 401],
        ['/open/torn', read, 403],
        ['/open/torn', admin, 200],
        ['/closed', undefined, 401],
        ['/closed', admin, 403],
        ['/closed', read, 200],
        ['/closed/admin', read, 403],
        ['/closed/admin', admin, 403],
        ['/closed/admin', both, 200],
      ] as const)
        expect([path, (await ask(path, token)).status]).toEqual([path, status])
    })

  test('a query of GraphQL with several guarded fields uses one proof, and each field has its demands', async () => {
    const { issuer, origin } = await started('express', 'bound')
    const key = await createTestProofKey()
    const ask = async (query: string, scope: string): Promise<unknown> => {
      const url = `${origin}/graphql`
      const token = await issuer.mint({ cnf: { jkt: key.thumbprint }, scope })
      const proof = await key.proof({ method: 'POST', url }, token, issuer.clock.now())
      const { body } = await send(url, {
        method: 'POST',
        body: JSON.stringify({ query }),
        lines: [
          ['authorization', `DPoP ${token}`],
          ['dpop', proof],
        ],
      })
      return JSON.parse(body)
    }
    expect(await ask('{ one: subject two: subject open }', 'read')).toEqual({
      data: { one: 'test-user', two: 'test-user', open: 'open' },
    })
    expect(await ask('{ admin }', 'admin')).toEqual({ data: { admin: 'test-user' } })
    expect(await ask('{ admin }', 'read')).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })

  test('a query of GraphQL without a token sees what is open alone', async () => {
    const { origin } = await started()
    const ask = async (query: string): Promise<unknown> =>
      JSON.parse((await send(`${origin}/graphql`, { method: 'POST', body: JSON.stringify({ query }) })).body)
    expect(await ask('{ open }')).toEqual({ data: { open: 'open' } })
    expect(await ask('{ subject }')).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })
})
