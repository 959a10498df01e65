import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

describe('metadata', () => {
  test('of an issuer without a path says what RFC 8414 §2 and OpenID Connect Discovery §3 ask', async () => {
    const { get } = asking()
    const answer = await get('/.well-known/openid-configuration')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
    expect(answer.headers.get('pragma')).toBeNull()
    expect(await answer.json()).toEqual({
      issuer: 'https://auth.example.com',
      authorization_endpoint: 'https://auth.example.com/authorize',
      token_endpoint: 'https://auth.example.com/token',
      userinfo_endpoint: 'https://auth.example.com/userinfo',
      revocation_endpoint: 'https://auth.example.com/revoke',
      introspection_endpoint: 'https://auth.example.com/introspect',
      end_session_endpoint: 'https://auth.example.com/logout',
      revocation_feed_endpoint: 'https://auth.example.com/revocations',
      jwks_uri: 'https://auth.example.com/jwks.json',
      scopes_supported: ['openid', 'profile'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      claim_types_supported: ['normal'],
      claims_supported: expect.arrayContaining(['sub', 'iss', 'auth_time', 'email_verified']),
      prompt_values_supported: expect.arrayContaining(['none', 'login', 'consent']),
      ui_locales_supported: ['en', 'de', 'fr'],
      claims_parameter_supported: false,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
    })
  })

  test('is byte for byte the same where RFC 8414 §3.1 inserts and where OpenID Connect Discovery §4 appends', async () => {
    const { get } = asking({ issuer: 'https://auth.example.com/tenants/one' })
    const paths = [
      '/tenants/one/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/tenants/one',
      '/.well-known/openid-configuration/tenants/one',
    ]
    const bodies = await Promise.all(paths.map(async (path) => (await get(path)).text()))
    expect(new Set(bodies).size).toBe(1)
    const metadata = JSON.parse(bodies[0] ?? '')
    expect(metadata.issuer).toBe('https://auth.example.com/tenants/one')
    expect(metadata.token_endpoint).toBe('https://auth.example.com/tenants/one/token')
    for (const name of [
      'authorization_endpoint',
      'userinfo_endpoint',
      'jwks_uri',
      'revocation_endpoint',
      'introspection_endpoint',
      'end_session_endpoint',
      'revocation_feed_endpoint',
    ]) {
      const answer = await get(new URL(metadata[name]).pathname)
      expect(answer.status, name).not.toBe(404)
    }
    expect((await get('/.well-known/oauth-authorization-server')).status).toBe(404)
    expect((await get('/.well-known/openid-configuration')).status).toBe(404)
    expect((await get('/token')).status).toBe(404)
  })

  test('never takes the issuer from the request', async () => {
    const { server } = asking({ trustedProxies: ['127.0.0.1'] })
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
    const request = new Request('https://evil.example/.well-known/openid-configuration', { headers })
    const text = await (await server.fetch(request, { address: '127.0.0.1' })).text()
    expect(text).not.toContain('evil.example')
    expect(JSON.parse(text).issuer).toBe('https://auth.example.com')
  })
})

describe('cacheable documents', () => {
  for (const path of ['/jwks.json', '/.well-known/openid-configuration']) {
    test(`${path} is answered 304 for its entity tag and anew for another (RFC 9110 §13.1.2)`, async () => {
      const { get } = asking()
      const first = await get(path)
      const etag = first.headers.get('etag') ?? ''
      expect(etag).toMatch(/^"[A-Za-z0-9_-]{22}"$/)
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await get(path, { 'if-none-match': known })
        expect(again.status, known).toBe(304)
        expect(await again.text()).toBe('')
        expect(again.headers.get('etag')).toBe(etag)
        expect(again.headers.get('cache-control')).toBe('public, max-age=300')
      }
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200)
    })
  }

  test('/jwks.json changes with the generation of the keyring', async () => {
    const { get, authority } = asking()
    const before = await get('/jwks.json')
    expect(await before.json()).toEqual({ keys: [expect.objectContaining({ kid: 'k1' })] })
    authority.keyGeneration = 2
    const after = await get('/jwks.json', { 'if-none-match': before.headers.get('etag') ?? '' })
    expect(after.status).toBe(200)
    expect(await after.json()).toEqual({ keys: [expect.objectContaining({ kid: 'k2' })] })
  })

  test('the style sheet of a page may be kept for ever, under a name that its content gives', async () => {
    const { get } = asking()
    const page = await (await get('/')).text()
    const path = /href="(\/assets\/pages-[0-9a-f]{12}\.css)"/.exec(page)?.[1] ?? ''
    const sheet = await get(path)
    expect(sheet.status).toBe(200)
    expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(sheet.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await get('/assets/pages-000000000000.css')).status).toBe(404)
  })
})
