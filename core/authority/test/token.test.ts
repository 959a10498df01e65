import { type ClaimsHook, defineClaims, defineSettings, parseOAuthForm } from '@jotwarden/authority'
import { decodeUnverified, parseRefreshToken, verify } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import {
  API,
  authorize,
  basic,
  form,
  ISSUER,
  outcome,
  redeem,
  refresh,
  signedIn,
  type World,
  world,
} from './world.ts'

const CLIENT_CREDENTIALS = { grant_type: 'client_credentials' }

describe('the token endpoint authenticates the client', () => {
  const secretOf = ({ service }: World) => service.secret
  const TRIES: readonly (readonly [
    string,
    (made: World) => { readonly [name: string]: string },
    (made: World) => string | undefined,
    string,
  ])[] = [
    ['Basic', () => ({}), (made) => basic('service', secretOf(made)), 'accepted'],
    [
      'the body',
      (made) => ({ client_id: 'service', client_secret: secretOf(made) }),
      () => undefined,
      'accepted',
    ],
    [
      'Basic and client_id alike',
      () => ({ client_id: 'service' }),
      (made) => basic('service', secretOf(made)),
      'accepted',
    ],
    [
      'Basic in any case',
      () => ({}),
      (made) => basic('service', secretOf(made)).replace('Basic', 'bAsIc'),
      'accepted',
    ],
    [
      'both methods at once',
      (made) => ({ client_id: 'service', client_secret: secretOf(made) }),
      (made) => basic('service', secretOf(made)),
      'oauth/invalid_request',
    ],
    [
      'two clients at once',
      () => ({ client_id: 'web' }),
      (made) => basic('service', secretOf(made)),
      'oauth/invalid_request',
    ],
    ['nothing', () => ({}), () => undefined, 'oauth/invalid_client'],
    ['no secret', () => ({ client_id: 'service' }), () => undefined, 'oauth/invalid_client'],
    [
      'a wrong secret',
      () => ({ client_id: 'service', client_secret: 'x' }),
      () => undefined,
      'oauth/invalid_client',
    ],
    [
      'another client’s secret',
      (made) => ({ client_id: 'service', client_secret: made.web.secret }),
      () => undefined,
      'oauth/invalid_client',
    ],
    [
      'an unknown client',
      () => ({ client_id: 'nobody', client_secret: 'x' }),
      () => undefined,
      'oauth/invalid_client',
    ],
    [
      'a secret on a public client',
      () => ({ client_id: 'app', client_secret: 'x' }),
      () => undefined,
      'oauth/invalid_client',
    ],
    [
      'an assertion',
      () => ({ client_id: 'service', client_assertion: 'x.y.z' }),
      () => undefined,
      'oauth/invalid_client',
    ],
    ['a Bearer header', () => ({}), () => 'Bearer abc', 'oauth/invalid_client'],
    ['Basic without a colon', () => ({}), () => 'Basic YWJj', 'oauth/invalid_client'],
    ['a public client', () => ({ client_id: 'app' }), () => undefined, 'oauth/unauthorized_client'],
  ]
  for (const [name, body, header, expected] of TRIES) {
    test(`${name}: ${expected}`, async () => {
      const made = await world()
      const request = {
        form: form({ ...CLIENT_CREDENTIALS, ...body(made) }),
        authorization: header(made),
        network: undefined,
      }
      expect(await outcome(made.authority.token(request))).toBe(expected)
    })
  }

  test('refusals are counted in one event a minute and client', async () => {
    const made = await world()
    for (let round = 0; round < 3; round++) {
      await outcome(
        made.authority.token({
          form: form({ ...CLIENT_CREDENTIALS, client_id: 'service', client_secret: 'x' }),
          authorization: undefined,
          network: undefined,
        }),
      )
    }
    const refused = (await made.stores.events.list(ISSUER, { after: 0, limit: 100 })).filter(
      ({ type }) => type === 'client-refused',
    )
    expect(refused.map(({ client, count }) => [client, count])).toEqual([['service', 3]])
  })
})

describe('the token endpoint refuses', () => {
  const TRIES = [
    ['no grant_type', { grant_type: undefined }, 'oauth/invalid_request'],
    ['password', { grant_type: 'password', username: 'ada', password: 'x' }, 'oauth/unsupported_grant_type'],
    ['implicit', { grant_type: 'implicit' }, 'oauth/unsupported_grant_type'],
    [
      'a grant the client may not use',
      { grant_type: 'refresh_token', refresh_token: 'jwr_x' },
      'oauth/unauthorized_client',
    ],
    ['a scope of people', { scope: 'openid' }, 'oauth/invalid_scope'],
    ['a scope the client lacks', { scope: 'orders:write' }, 'oauth/invalid_scope'],
    ['an unknown resource', { resource: 'https://elsewhere.example' }, 'oauth/invalid_target'],
  ] as const
  for (const [name, change, expected] of TRIES) {
    test(name, async () => {
      const made = await world()
      const request = {
        form: form({ ...CLIENT_CREDENTIALS, ...change }),
        authorization: basic('service', made.service.secret),
        network: undefined,
      }
      expect(await outcome(made.authority.token(request))).toBe(expected)
    })
  }
})

describe('access tokens (RFC 9068)', () => {
  test('client credentials: exactly the required claims, for the one API', async () => {
    const made = await world()
    const { access_token, expires_in, refresh_token, scope } = await made.authority.token({
      form: form(CLIENT_CREDENTIALS),
      authorization: basic('service', made.service.secret),
      network: undefined,
    })
    const { header, claims } = verify(access_token, made.authority.keyring.keySource())
    expect(header).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    const iat = made.time.now
    expect(claims).toEqual({
      iss: ISSUER,
      sub: 'service',
      client_id: 'service',
      aud: API,
      iat,
      exp: iat + 600,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      scope: 'orders:read',
      rev: 0,
    })
    expect([expires_in, refresh_token, scope]).toEqual([600, undefined, 'orders:read'])
  })

  test('a person’s: with session and authentication; openid adds the issuer as audience, for userinfo', async () => {
    const made = await world()
    const { access_token, refresh_token } = await signedIn(made)
    const { claims } = verify(access_token, made.authority.keyring.keySource())
    expect(claims).toMatchObject({
      sub: made.subject,
      aud: [API, ISSUER],
      client_id: 'app',
      auth_time: made.time.now,
      amr: ['pwd'],
      scope: 'openid profile orders:read',
      sid: parseRefreshToken(refresh_token).sessionId,
    })
  })

  test('scopes of other APIs are left out of a token for one (RFC 9068 §3), and an ambiguous scope gives no token', async () => {
    const resources = [
      {
        identifier: API,
        name: 'Orders',
        scopes: { 'orders:read': 'See', 'orders:write': 'Change', shared: 'Both' },
      },
      { identifier: 'https://stock.example', name: 'Stock', scopes: { 'stock:read': 'See', shared: 'Both' } },
    ]
    const made = await world({ settings: { resources } })
    const { secret } = await made.authority.clients.add({
      id: 'both',
      name: 'Both',
      type: 'confidential',
      scopes: ['orders:read', 'stock:read', 'shared'],
    })
    const ask = (values: { readonly [name: string]: string }) =>
      made.authority.token({
        form: form({ ...CLIENT_CREDENTIALS, ...values }),
        authorization: basic('both', secret?.revealText() ?? ''),
        network: undefined,
      })
    const one = decodeUnverified((await ask({ resource: 'https://stock.example' })).access_token)
    expect(JSON.stringify(one)).toContain('stock:read shared')
    expect(JSON.stringify(one)).not.toContain('orders:read')
    expect(await outcome(ask({}))).toBe('oauth/invalid_target')
  })

  test('jti never repeats', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    const tokens = await Promise.all(Array.from({ length: 200 }, () => refresh(made, refresh_token)))
    const ids = tokens.map(
      ({ access_token }) => verify(access_token, made.authority.keyring.keySource()).claims.jti,
    )
    expect(new Set(ids).size).toBe(200)
  })
})

describe('ID tokens (OpenID Connect Core §2)', () => {
  test('carry nonce and at_hash, are for the client, and are no access tokens', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    const { claims, header } = verify(tokens.id_token ?? '', made.authority.keyring.keySource())
    expect(header.typ).toBe('JWT')
    expect(claims).toMatchObject({
      iss: ISSUER,
      sub: made.subject,
      aud: 'app',
      nonce: 'the-nonce',
      amr: ['pwd'],
      auth_time: made.time.now,
    })
    expect(await outcome(made.authority.userinfo(tokens.id_token ?? ''))).toBe('oauth/invalid_token')
  })

  test('on refresh keep sub and auth_time and lose the nonce; without openid there is none', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    made.time.now += 100
    const next = await refresh(made, tokens.refresh_token)
    const { claims } = verify(next.id_token ?? '', made.authority.keyring.keySource())
    expect(claims).toMatchObject({ sub: made.subject, auth_time: made.time.now - 100 })
    expect(claims.nonce).toBeUndefined()
    expect((await refresh(made, tokens.refresh_token, { scope: 'orders:read' })).id_token).toBeUndefined()
  })
})

describe('userinfo', () => {
  test('answers what the scope reaches, as the account is now', async () => {
    const made = await world()
    const { access_token } = await signedIn(made)
    expect(await made.authority.userinfo(access_token)).toEqual({
      sub: made.subject,
      name: 'Ada',
      preferred_username: 'ada',
    })
    const code = (await authorize(made, { scope: 'openid email' })).get('code') ?? ''
    expect(await made.authority.userinfo((await redeem(made, code)).access_token)).toEqual({
      sub: made.subject,
      email: 'ada@example.com',
      email_verified: false,
    })
  })

  test('refuses what is not its token: another audience, expired, ended, of a service, a changed one', async () => {
    const made = await world()
    const tokens = await signedIn(made)
    const narrow = await refresh(made, tokens.refresh_token, { scope: 'orders:read' })
    const service = await made.authority.token({
      form: form(CLIENT_CREDENTIALS),
      authorization: basic('service', made.service.secret),
      network: undefined,
    })
    const changed = tokens.access_token.slice(0, -2) + (tokens.access_token.endsWith('AA') ? 'BA' : 'AA')
    for (const bad of [
      narrow.access_token,
      service.access_token,
      changed,
      tokens.refresh_token,
      '',
      'a.b.c',
    ]) {
      expect(await outcome(made.authority.userinfo(bad))).toBe('oauth/invalid_token')
    }
    expect(await outcome(made.authority.userinfo(tokens.access_token))).toBe('accepted')
    await made.authority.sessions.end({ client: 'app' })
    expect(await outcome(made.authority.userinfo(tokens.access_token))).toBe('oauth/invalid_token')
    const late = await world()
    const { access_token } = await signedIn(late)
    late.time.now += 600 + 30
    expect(await outcome(late.authority.userinfo(access_token))).toBe('oauth/invalid_token')
  })
})

describe('the claims hook', () => {
  const claims = defineClaims({
    declared: {
      roles: { in: ['access', 'userinfo'] },
      plan: { in: ['id'] },
      'phone-of-home': { in: ['userinfo'], personal: true, secret: true },
    },
    resolve: ({ subject, place }) => ({
      roles: [`role of ${subject.slice(0, 4)}`],
      plan: place,
      'phone-of-home': '+1',
    }),
  })

  test('adds each claim where it was declared and nowhere else', async () => {
    const made = await world({ claims })
    const tokens = await signedIn(made)
    const keys = made.authority.keyring.keySource()
    expect(verify(tokens.access_token, keys).claims).toMatchObject({ roles: ['role of usr_'] })
    expect(verify(tokens.access_token, keys).claims).not.toHaveProperty('plan')
    expect(verify(tokens.access_token, keys).claims).not.toHaveProperty('phone-of-home')
    expect(verify(tokens.id_token ?? '', keys).claims).toMatchObject({ plan: 'id' })
    expect(await made.authority.userinfo(tokens.access_token)).toMatchObject({
      'phone-of-home': '+1',
      roles: ['role of usr_'],
    })
  })

  test('refuses, when it is made, names with a fixed meaning and claims that would be exposed', () => {
    const declare = (declared: ClaimsHook['declared']) => () =>
      defineClaims({ declared, resolve: () => ({}) })
    expect(declare({ sub: { in: ['access'] } })).toThrow('its meaning is fixed')
    expect(declare({ email2: { in: ['access'], personal: true } })).toThrow('it is personal')
    expect(declare({ pin: { in: ['id'], secret: true } })).toThrow('it is secret')
  })

  test('a hook that never went through defineClaims() is checked all the same', async () => {
    const hook: ClaimsHook = { declared: { acr: { in: ['access'] } }, resolve: () => ({ acr: 'forged' }) }
    expect(await outcome(world({ claims: hook }))).toBe('authority/claims')
  })

  test('a name it did not declare issues nothing, and uses up nothing', async () => {
    const hook: ClaimsHook = { declared: {}, resolve: () => ({ surprise: 1 }) }
    const made = await world({ claims: hook })
    const code = (await authorize(made)).get('code') ?? ''
    expect(await outcome(redeem(made, code))).toBe('authority/claims')
    expect(await made.authority.sessions.list({ subject: made.subject })).toEqual([])
  })
})

describe('clients', () => {
  const BAD = [
    ['an http redirect', { redirectUris: ['http://app.example/cb'] }],
    ['a fragment', { redirectUris: ['https://app.example/cb#x'] }],
    ['a wildcard', { redirectUris: ['https://*.example/cb'] }],
    ['credentials', { redirectUris: ['https://u:p@app.example/cb'] }],
    ['javascript:', { redirectUris: ['javascript:alert(1)'] }],
    ['a private scheme on the web', { redirectUris: ['com.example.app:/cb'] }],
    ['a private scheme without a domain', { redirectUris: ['myapp:/cb'], applicationType: 'native' }],
    ['a subject’s id', { id: 'usr_x' }],
    ['an id with a slash', { id: 'a/b' }],
    ['an empty name', { name: ' ' }],
    ['an unknown scope', { scopes: ['admin'] }],
    ['codes without a redirect', { grantTypes: ['authorization_code'] }],
    ['client credentials on a public client', { type: 'public', grantTypes: ['client_credentials'] }],
  ] as const
  for (const [name, change] of BAD) {
    test(`add() refuses ${name}`, async () => {
      const { authority } = await world()
      const request = { id: 'new', name: 'New', type: 'confidential', ...change } as const
      expect(await outcome(authority.clients.add(request))).toBe('authority/client-invalid')
      expect(await authority.clients.find('new')).toBeUndefined()
    })
  }

  test('a secret is 256 bits, shown once, and kept as a hash', async () => {
    const { authority, stores } = await world()
    const { secret } = await authority.clients.add({
      id: 'new',
      name: 'New',
      type: 'confidential',
      scopes: ['orders:read'],
    })
    const text = secret?.revealText() ?? ''
    expect(text).toMatch(/^jwc_[\w-]{43}$/)
    expect(JSON.stringify(await stores.clients.find(ISSUER, 'new'))).not.toContain(text.slice(4))
    expect(`${secret} ${JSON.stringify({ secret })}`).not.toContain(text.slice(4))
  })

  test('removing one ends its sessions', async () => {
    const made = await world()
    const { refresh_token } = await signedIn(made)
    await made.authority.clients.remove('app')
    expect(await outcome(refresh(made, refresh_token))).toBe('oauth/invalid_client')
    expect(await made.authority.sessions.list({ client: 'app' })).toEqual([])
    expect(await outcome(made.authority.clients.remove('app'))).toBe('authority/client-unknown')
  })
})

describe('parseOAuthForm()', () => {
  test('decodes, treats empty as absent, and lets resource repeat', () => {
    const parsed = parseOAuthForm('a=1+2%20%C3%A9&b=&resource=x&resource=y&c')
    expect([parsed.one('a'), parsed.one('b'), parsed.one('c'), parsed.many('resource')]).toEqual([
      '1 2 é',
      undefined,
      undefined,
      ['x', 'y'],
    ])
  })

  const BAD = [
    'a=1&a=2',
    'a=&a=',
    'a=%zz',
    'a=%ff',
    'a=é',
    'a=%00',
    'a=%0a',
    'a= b',
    Array.from({ length: 65 }, (_, n) => `p${n}=1`).join('&'),
  ]
  for (const text of BAD) {
    test(`refuses ${text.slice(0, 20)}`, () => {
      expect(() => parseOAuthForm(text)).toThrow(expect.objectContaining({ code: 'oauth/invalid_request' }))
    })
  }
})

describe('defineSettings()', () => {
  const BAD = [
    ['http issuer', { issuer: 'http://auth.example' }],
    ['trailing slash', { issuer: 'https://auth.example/' }],
    ['upper case', { issuer: 'https://AUTH.example' }],
    ['query', { issuer: 'https://auth.example?x' }],
    ['no URL', { issuer: 'auth.example' }],
    ['a code of more than 60 s', { issuer: ISSUER, codeLifetime: 61 }],
    ['an access token of more than an hour', { issuer: ISSUER, accessTokenLifetime: 3601 }],
    ['a grace window of more than 60 s', { issuer: ISSUER, graceWindow: 61 }],
    ['NaN', { issuer: ISSUER, sessionLifetime: Number.NaN }],
    ['Infinity', { issuer: ISSUER, sessionLifetime: Number.POSITIVE_INFINITY }],
    [
      'a resource with a fragment',
      { issuer: ISSUER, resources: [{ identifier: 'https://a#b', name: 'A', scopes: { a: 'a' } }] },
    ],
    [
      'a resource without scopes',
      { issuer: ISSUER, resources: [{ identifier: 'https://a', name: 'A', scopes: {} }] },
    ],
    [
      'a resource that claims openid',
      { issuer: ISSUER, resources: [{ identifier: 'https://a', name: 'A', scopes: { openid: 'a' } }] },
    ],
  ] as const
  for (const [name, options] of BAD) {
    test(`refuses ${name}`, () =>
      expect(() => defineSettings(options)).toThrow(expect.objectContaining({ code: 'authority/settings' })))
  }

  test('refuses a setting it does not know', () => {
    const misspelt = { issuer: ISSUER, acessTokenLifetime: 5 }
    expect(() => defineSettings(misspelt)).toThrow('acessTokenLifetime')
  })

  test('http is for loopback, and a path may follow', () => {
    for (const issuer of ['http://127.0.0.1:8420', 'http://localhost:1', 'https://auth.example/tenant']) {
      expect(defineSettings({ issuer }).issuer).toBe(issuer)
    }
  })
})
