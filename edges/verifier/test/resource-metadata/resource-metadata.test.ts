import { serveResourceMetadata as forExpress } from '@jotwarden/verifier/express'
import { serveResourceMetadata as forHono } from '@jotwarden/verifier/hono'
import { serveResourceMetadata as forKoa } from '@jotwarden/verifier/koa'
import { serveResourceMetadata as forNode } from '@jotwarden/verifier/node'
import { type ProtectedResource, protectedResourceMetadata } from '@jotwarden/verifier/resource-metadata'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listening } from '../adapters/listening.ts'
import { send } from '../adapters/scenarios.ts'

const orders: ProtectedResource = {
  resource: 'https://api.example/orders',
  authorizationServers: ['https://issuer.example'],
}

describe('protectedResourceMetadata() tells', () => {
  test('resource, issuers and how tokens travel, and nothing that was not said', () =>
    expect(protectedResourceMetadata(orders).document).toEqual({
      resource: 'https://api.example/orders',
      authorization_servers: ['https://issuer.example'],
      bearer_methods_supported: ['header'],
    }))

  test('every member by its registered name (RFC 9728 §2)', () =>
    expect(
      protectedResourceMetadata({
        ...orders,
        scopes: ['read', 'write'],
        bearerMethods: ['header'],
        dpopBoundAccessTokensRequired: false,
        dpopSigningAlgs: ['ES256'],
        tlsClientCertificateBoundAccessTokens: true,
        authorizationDetailsTypes: ['payment'],
        jwksUri: 'https://api.example/jwks',
        resourceSigningAlgs: ['ES256'],
        resourceName: 'Orders',
        resourceDocumentation: 'https://api.example/docs?lang=en',
        resourcePolicyUri: 'https://api.example/policy',
        resourceTosUri: 'https://api.example/tos',
        signedMetadata: 'a.b.c',
        others: { 'resource_name#de': 'Aufträge', resource: 'https://elsewhere.example' },
      }).document,
    ).toEqual({
      resource: 'https://api.example/orders',
      authorization_servers: ['https://issuer.example'],
      scopes_supported: ['read', 'write'],
      bearer_methods_supported: ['header'],
      dpop_bound_access_tokens_required: false,
      dpop_signing_alg_values_supported: ['ES256'],
      tls_client_certificate_bound_access_tokens: true,
      authorization_details_types_supported: ['payment'],
      jwks_uri: 'https://api.example/jwks',
      resource_signing_alg_values_supported: ['ES256'],
      resource_name: 'Orders',
      'resource_name#de': 'Aufträge',
      resource_documentation: 'https://api.example/docs?lang=en',
      resource_policy_uri: 'https://api.example/policy',
      resource_tos_uri: 'https://api.example/tos',
      signed_metadata: 'a.b.c',
    }))

  test('that no bearer token is taken where tokens have to be bound', () =>
    expect(
      protectedResourceMetadata({ ...orders, dpopBoundAccessTokensRequired: true }).document,
    ).toMatchObject({ bearer_methods_supported: [] }))

  test('what it was told first, whatever is changed later', () => {
    const scopes = ['read']
    const { document } = protectedResourceMetadata({ ...orders, scopes })
    scopes.push('admin')
    expect(document.scopes_supported).toEqual(['read'])
  })
})

describe('protectedResourceMetadata() puts the well-known path before that of the resource (RFC 9728 §3.1)', () => {
  for (const [resource, url] of [
    ['https://api.example', 'https://api.example/.well-known/oauth-protected-resource'],
    ['https://api.example/', 'https://api.example/.well-known/oauth-protected-resource'],
    ['https://api.example/orders', 'https://api.example/.well-known/oauth-protected-resource/orders'],
    ['https://api.example/orders/', 'https://api.example/.well-known/oauth-protected-resource/orders/'],
    ['https://api.example:8443/a/b', 'https://api.example:8443/.well-known/oauth-protected-resource/a/b'],
    ['http://localhost:3000/mcp', 'http://localhost:3000/.well-known/oauth-protected-resource/mcp'],
  ] as const)
    test(resource, () => {
      const metadata = protectedResourceMetadata({ ...orders, resource })
      expect(metadata.url).toBe(url)
      expect(metadata.path).toBe(new URL(url).pathname)
      expect(metadata.document.resource).toBe(resource)
    })
})

describe('protectedResourceMetadata() throws verifier/options for', () => {
  const wrong: readonly [string, object][] = [
    ['a resource over http', { resource: 'http://api.example' }],
    ['a resource with a query', { resource: 'https://api.example/?a=b' }],
    ['a resource with a fragment', { resource: 'https://api.example/#a' }],
    ['a resource with credentials', { resource: 'https://a:b@api.example/' }],
    ['no resource', { resource: undefined }],
    ['no issuer', { authorizationServers: [] }],
    ['an issuer that is none', { authorizationServers: ['issuer.example'] }],
    ['two scopes in one', { scopes: ['read write'] }],
    ['tokens in the query', { bearerMethods: ['query'] }],
    ['proofs without a signature', { dpopSigningAlgs: ['none'] }],
    ['a flag that is a text', { dpopBoundAccessTokensRequired: 'true' }],
    ['a link that runs', { resourceDocumentation: 'javascript:alert(1)' }],
    ['signed metadata that is no JWT', { signedMetadata: 'abc' }],
    ['a member misspelt', { scope: ['read'] }],
    ['a time that is none', { cacheFor: -1 }],
  ]
  for (const [name, over] of wrong)
    test(name, () =>
      expect(() => protectedResourceMetadata({ ...orders, ...over })).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      ),
    )
})

describe('the metadata of a resource is served', () => {
  const metadata = protectedResourceMetadata({ ...orders, cacheFor: 600 })
  const hosts = {
    'node:http': () => listening(forNode(metadata)),
    Express: () => {
      const app = express()
      app.use(forExpress(metadata))
      return listening(app)
    },
    Koa: () => {
      const app = new Koa()
      app.use(forKoa(metadata))
      return listening(app.callback())
    },
  }
  for (const [name, host] of Object.entries(hosts))
    test(`by ${name}`, async () => {
      const { origin, stop } = await host()
      onTestFinished(async () => void (await stop()))
      const asked = await send(`${origin}${metadata.path}?a=b`, {})
      expect([asked.status, JSON.parse(asked.body)]).toEqual([200, metadata.document])
      expect(asked.headers).toMatchObject({
        'content-type': 'application/json',
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=600',
      })
      const head = await send(origin + metadata.path, { method: 'HEAD' })
      expect([head.status, head.body, head.headers['content-type']]).toEqual([200, '', 'application/json'])
      const post = await send(origin + metadata.path, { method: 'POST' })
      expect([post.status, post.headers.allow, post.body]).toEqual([405, 'GET, HEAD, OPTIONS', ''])
      const preflight = await send(origin + metadata.path, { method: 'OPTIONS' })
      expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([204, '*'])
      expect((await send(`${origin}/.well-known/oauth-protected-resource`, {})).status).toBe(404)
    })

  test('by Hono, and by fetch()', async () => {
    const app = new Hono()
    app.use(forHono(metadata))
    for (const fetch of [app.fetch, metadata.fetch] as const) {
      const found = await fetch(new Request(metadata.url))
      expect([found.status, await found.json()]).toEqual([200, metadata.document])
      expect((await fetch(new Request(metadata.url, { method: 'DELETE' }))).status).toBe(405)
      expect((await fetch(new Request('https://api.example/orders'))).status).toBe(404)
    }
  })
})
