import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

const EVERYWHERE: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'strict-transport-security': 'max-age=63072000',
}

const answers: readonly (readonly [name: string, method: string, path: string, kind: 'page' | 'data'])[] = [
  ['the sign-in page', 'GET', '/authorize', 'page'],
  ['the resumed page', 'GET', '/login?interaction=i', 'page'],
  ['the index', 'GET', '/', 'page'],
  ['an error page', 'POST', '/login', 'page'],
  ['a wrong method on a page', 'DELETE', '/consent', 'page'],
  ['metadata', 'GET', '/.well-known/openid-configuration', 'data'],
  ['the keys', 'GET', '/jwks.json', 'data'],
  ['a token error', 'POST', '/token', 'data'],
  ['userinfo without a token', 'GET', '/userinfo', 'data'],
  ['a revocation error', 'POST', '/revoke', 'data'],
  ['an introspection error', 'POST', '/introspect', 'data'],
  ['the page that asks whether to sign out', 'GET', '/logout', 'page'],
  ['an error page of the sign-out', 'POST', '/logout/confirm', 'page'],
  ['an error page of one’s own sign-ins', 'POST', '/sessions', 'page'],
  ['the feed without a credential', 'GET', '/revocations', 'data'],
  ['a preflight', 'OPTIONS', '/token', 'data'],
  ['readiness', 'GET', '/readyz', 'data'],
  ['an unknown path', 'GET', '/nowhere', 'data'],
]

describe('headers', () => {
  for (const [name, method, path, kind] of answers) {
    test(`of ${name}`, async () => {
      const { headers } = await asking().send(method, path)
      for (const [header, value] of Object.entries(EVERYWHERE))
        expect(headers.get(header), header).toBe(value)
      expect(headers.get('permissions-policy')).toContain('camera=()')
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
      // no-referrer would make a page's own form say `Origin: null`
      expect(headers.get('referrer-policy')).toBe(kind === 'page' ? 'same-origin' : 'no-referrer')
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toContain('script-src')
      expect(policy).not.toContain('unsafe')
      expect(policy.includes("style-src 'self'")).toBe(kind === 'page')
      expect(headers.get('server')).toBeNull()
      expect(headers.get('x-powered-by')).toBeNull()
    })
  }

  test('everything but documents and files is not stored', async () => {
    for (const [, method, path] of answers) {
      const { headers } = await asking().send(method, path)
      const isDocument = path.startsWith('/.well-known') || path === '/jwks.json'
      expect(headers.get('cache-control'), path).toBe(isDocument ? 'public, max-age=300' : 'no-store')
      expect(headers.get('pragma'), path).toBe(isDocument ? null : 'no-cache')
    }
  })

  test('plain http on a loopback host does not ask for https', async () => {
    const { headers } = await asking({ issuer: 'http://localhost:9411', loopback: true }).get('/')
    expect(headers.get('strict-transport-security')).toBeNull()
  })
})

describe('CORS', () => {
  const open = [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/jwks.json',
    '/token',
    '/userinfo',
    '/revoke',
  ]
  const closed = [
    '/authorize',
    '/login',
    '/consent',
    '/introspect',
    '/logout',
    '/logout/confirm',
    '/revocations',
    '/',
    '/nowhere',
    '/healthz',
    '/readyz',
  ]
  const origin = { origin: 'https://app.example.org' }

  for (const path of open) {
    test(`${path} is open to every origin, never with cookies`, async () => {
      const { send } = asking()
      for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
        const { headers } = await send(method, path, { headers: origin })
        expect(headers.get('access-control-allow-origin'), method).toBe('*')
        expect(headers.get('access-control-allow-credentials')).toBeNull()
        expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
      }
    })

    test(`${path} answers a preflight`, async () => {
      const answer = await asking().send('OPTIONS', path, {
        headers: {
          ...origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,dpop',
        },
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, DPoP')
      expect(answer.headers.get('access-control-allow-methods')).toContain(
        path === '/token' || path === '/revoke' ? 'POST' : 'GET',
      )
    })
  }

  for (const path of closed) {
    test(`${path} is open to no other origin (RFC 9700 §2.6)`, async () => {
      const { send } = asking()
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const { headers } = await send(method, path, { headers: origin })
        for (const name of headers.keys()) expect(name).not.toMatch(/^access-control-/)
        expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      }
    })
  }
})
