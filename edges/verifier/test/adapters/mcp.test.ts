import type { Verifier } from '@jotwarden/verifier'
import { authenticate, getAuth } from '@jotwarden/verifier/express'
import {
  authErrors,
  authenticateMcp,
  contextOf,
  serveResourceMetadata,
  toMcpTokenVerifier,
} from '@jotwarden/verifier/mcp'
import { protectedResourceMetadata } from '@jotwarden/verifier/resource-metadata'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/sdk/server/auth/router.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import { audience, LoopbackIssuer } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, routes, type Served, send } from './scenarios.ts'

function serve(verifier: Verifier): Promise<Served> {
  const app = express()
  app.set('env', 'test')
  for (const [name, options] of Object.entries(routes))
    app.use(
      `/${name}`,
      name === 'optional' ? authenticate(verifier, options) : authenticateMcp(verifier, options),
      (request, response) => {
        const auth = getAuth(request, { optional: true })
        if (name === 'inside') {
          response.setHeader('x-partial', 'secret')
          auth?.require('admin')
        }
        if (name === 'broken') throw new TypeError('a mistake of the route')
        response.json({ subject: auth?.subject ?? null })
      },
    )
  app.use(authErrors())
  return listening(app)
}

describeAdapter('authenticateMcp() for the MCP SDK', serve)

describe('the MCP SDK', () => {
  const metadata = protectedResourceMetadata({
    resource: `${audience}/mcp`,
    authorizationServers: ['https://issuer.example'],
    scopes: ['read'],
  })

  function toolServer(): McpServer {
    const server = new McpServer({ name: 'orders', version: '1.0.0' })
    server.registerTool('whoami', { description: 'Says who calls' }, ({ authInfo }) => ({
      content: [{ type: 'text', text: `${contextOf(authInfo).subject} ${JSON.stringify(authInfo)}` }],
    }))
    return server
  }

  async function mcp(guard: express.RequestHandler): Promise<string> {
    const app = express()
    app.set('env', 'test')
    app.use(serveResourceMetadata(metadata))
    app.post('/mcp', guard, express.json(), async (request, response) => {
      const transport = new StreamableHTTPServerTransport({})
      await toolServer().connect(transport as never)
      await transport.handleRequest(request, response, request.body)
    })
    return (await listening(app)).origin
  }

  async function whoami(origin: string, token: string): Promise<string> {
    const client = new Client({ name: 'test', version: '1.0.0' })
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }) as never,
    )
    onTestFinished(() => client.close())
    const { content } = await client.callTool({ name: 'whoami' })
    return JSON.stringify(content)
  }

  const guards: Readonly<Record<string, (verifier: Verifier) => express.RequestHandler>> = {
    'requireBearerAuth() with toMcpTokenVerifier()': (verifier) =>
      requireBearerAuth({
        verifier: toMcpTokenVerifier(verifier),
        requiredScopes: ['read'],
        resourceMetadataUrl: metadata.url,
        expectedResource: new URL(audience),
      }),
    'authenticateMcp()': (verifier) =>
      authenticateMcp(verifier, { scopes: ['read'], resourceMetadata: metadata }) as express.RequestHandler,
  }
  for (const [name, guard] of Object.entries(guards)) {
    test(`${name}: a tool learns who calls, and nothing shows the token`, async () => {
      const issuer = await LoopbackIssuer.start()
      const origin = await mcp(guard(issuer.verifier({ clock: { now: () => Date.now() / 1000 } })))
      const now = Math.floor(Date.now() / 1000)
      const token = await issuer.mint({ iat: now, exp: now + 600 })
      const said = await whoami(origin, token)
      expect(said).toContain('user-1')
      expect(said).not.toContain(token.split('.')[2])
    })

    test(`${name}: refuses, and says where to look`, async () => {
      const issuer = await LoopbackIssuer.start()
      const origin = await mcp(guard(issuer.verifier({ clock: { now: () => Date.now() / 1000 } })))
      const now = Math.floor(Date.now() / 1000)
      const claims = { iat: now, exp: now + 600 }
      const ask = async (over: object): Promise<unknown[]> => {
        const token = await issuer.mint({ ...claims, ...over })
        const { status, headers } = await send(`${origin}/mcp`, {
          method: 'POST',
          body: '{}',
          lines: [['authorization', `Bearer ${token}`]],
        })
        return [status, headers['www-authenticate']]
      }
      expect(await ask({ aud: 'https://other.example' })).toEqual([
        401,
        expect.stringMatching(/error="invalid_token".*resource_metadata="https:\/\/api.example/),
      ])
      expect(await ask({ scope: 'other' })).toEqual([
        403,
        expect.stringMatching(/error="insufficient_scope".*scope="read".*resource_metadata="/),
      ])
      expect((await ask({ cnf: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' } }))[0]).toBe(401)
    })
  }

  test('toMcpTokenVerifier() makes an outage an error of the server, not of the token', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint()
    await issuer.stop()
    await expect(toMcpTokenVerifier(issuer.verifier()).verifyAccessToken(token)).rejects.toMatchObject({
      name: 'ServerError',
    })
  })

  test('toMcpTokenVerifier() names the resource only if the token does', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint({ aud: [audience, 'https://other.example'] })
    const of = async (resource?: string): Promise<string | undefined> =>
      (
        await toMcpTokenVerifier(verifier, resource === undefined ? {} : { resource }).verifyAccessToken(
          token,
        )
      ).resource?.href
    expect(await of(audience)).toBe(`${audience}/`)
    await expect(of('https://third.example')).rejects.toMatchObject({ name: 'InvalidTokenError' })
    expect(await of()).toBeUndefined()
  })

  test('authenticateMcp() refuses a token that does not name the resource, though the verifier takes it', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ audience: [audience, 'https://other.example'] })
    const app = express()
    app.use(authenticateMcp(verifier, { resource: audience }), (_, response) => void response.send('tools'))
    const { origin } = await listening(app)
    const ask = async (aud: string): Promise<[number, unknown]> => {
      const token = await issuer.mint({ aud })
      const answer = await send(origin, { lines: [['authorization', `Bearer ${token}`]] })
      return [answer.status, answer.headers['www-authenticate'] ?? answer.body]
    }
    expect(await ask(audience)).toEqual([200, 'tools'])
    expect(await ask('https://other.example')).toEqual([
      401,
      expect.stringMatching(/^Bearer error="invalid_token"/),
    ])
  })

  test('a resource that is no URL is refused at once, not by each request', async () => {
    const verifier = (await LoopbackIssuer.start()).verifier()
    for (const make of [toMcpTokenVerifier, authenticateMcp])
      expect(() => make(verifier, { resource: 'orders' })).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      )
  })

  test('the SDK finds the metadata at the same URL', () => {
    expect(getOAuthProtectedResourceMetadataUrl(new URL(`${audience}/mcp`))).toBe(metadata.url)
  })
})
