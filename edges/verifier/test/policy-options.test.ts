import type { AuthContext } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { LoopbackIssuer, refusal, testKey } from './loopback-issuer.ts'
import { LoopbackFeed } from './revocation/loopback-feed.ts'

describe('createVerifier() passes on what a profile demands', () => {
  const cases: readonly [string, object, object, string][] = [
    ['clientId', { clientId: 'client-1' }, {}, 'accepted'],
    ['clientId', { clientId: 'client-2' }, {}, 'verifier/invalid-token wrong-client'],
    ['authorizedParty', { authorizedParty: 'client-1' }, { azp: 'client-1' }, 'accepted'],
    ['authorizedParty', { authorizedParty: 'client-1' }, {}, 'verifier/invalid-token wrong-authorized-party'],
    ['required', { required: ['tenant'] }, { tenant: 't1' }, 'accepted'],
    ['required', { required: ['tenant'] }, {}, 'verifier/invalid-token missing-claim'],
    ['no declared', {}, { act: { sub: 'service' } }, 'verifier/invalid-token undeclared-claim'],
    ['declared', { declared: ['act'] }, { act: { sub: 'service' } }, 'accepted'],
    ['no declared', {}, { status: { status_list: { idx: 0, uri: 'https://s.example' } } }, 'accepted'],
    ['declared', { declared: ['act'] }, { status: { other: {} }, act: { sub: 'service' } }, 'accepted'],
  ]
  for (const [name, options, claims, expected] of cases)
    test(`${name} ${JSON.stringify(options)} with ${JSON.stringify(claims)}: ${expected}`, async () => {
      const issuer = await LoopbackIssuer.start()
      const token = await issuer.mint({ ...claims })
      expect(await refusal(issuer.verifier(options).verify(token))).toBe(expected)
    })

  test('a typ of another issuer passes only where danger names it', async () => {
    const issuer = await LoopbackIssuer.start()
    const token = await issuer.mint({}, undefined, 'JWT')
    expect(await refusal(issuer.verifier().verify(token))).toBe('verifier/invalid-token wrong-typ')
    expect(await refusal(issuer.verifier({ danger: { typ: ['JWT'] } }).verify(token))).toBe('accepted')
    expect(await refusal(issuer.verifier({ danger: { typ: ['JWT'] } }).verify(await issuer.mint()))).toBe(
      'verifier/invalid-token wrong-typ',
    )
  })

  test('the actor stands in the context once act is declared', async () => {
    const issuer = await LoopbackIssuer.start()
    const auth = await issuer
      .verifier({ declared: ['act'] })
      .verify(await issuer.mint({ act: { sub: 'svc' } }))
    expect(auth.actor).toEqual({ sub: 'svc' })
  })
})

describe('the option claims', () => {
  const claims = z.object({
    roles: z.array(z.string()),
    since: z.string().transform((text) => new Date(text)),
  })

  test('checks the claims and gives them their types', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.typed({ claims })
    const auth = await verifier.verify(await issuer.mint({ roles: ['reader'], since: '2026-01-01' }))
    const roles: readonly string[] = auth.claims.roles
    const since: Date = auth.claims.since
    expect([roles, since.getUTCFullYear(), auth.claims.sub]).toEqual([['reader'], 2026, 'user-1'])
    const bad = await issuer.mint({ roles: 'reader', since: '2026-01-01' })
    expect(await refusal(verifier.verify(bad))).toBe('verifier/invalid-token refused-by-schema')
  })

  test('may make of a claim what cannot be frozen', async () => {
    const issuer = await LoopbackIssuer.start()
    const bytes = z.object({
      roles: z.string().transform((text) => ({ bytes: new TextEncoder().encode(text) })),
    })
    const auth = await issuer.typed({ claims: bytes }).verify(await issuer.mint({ roles: 'ab' }))
    expect([...auth.claims.roles.bytes]).toEqual([97, 98])
    expect(Object.isFrozen(auth.claims.roles)).toBe(true)
  })

  test('without it a claim of ours has no type that a handler could rely on', async () => {
    const issuer = await LoopbackIssuer.start()
    const auth: AuthContext = await issuer.verifier().verify(await issuer.mint({ roles: ['reader'] }))
    // @ts-expect-error what no schema has seen is any JSON value
    const roles: readonly string[] = auth.claims.roles
    expect(roles).toEqual(['reader'])
  })

  test('requireFresh() holds what the issuer says now against it too', async () => {
    const feed = await LoopbackFeed.start()
    feed.issuer.endpoints.introspection_endpoint = `${feed.issuer.origin}/introspect`
    let roles: unknown = ['admin']
    feed.issuer.answers.set('/introspect', (_, response) =>
      response.end(JSON.stringify({ active: true, scope: 'read', roles })),
    )
    const verifier = feed.verifier({}, { claims })
    const auth = await verifier.verify(await feed.issuer.mint({ roles: ['reader'], since: '2026-01-01' }))
    const fresh = await (await auth.requireFresh()).requireFresh()
    expect(fresh.claims).toMatchObject({ roles: ['admin'], since: new Date('2026-01-01') })
    roles = 'admin'
    expect(await refusal(fresh.requireFresh())).toBe('verifier/invalid-token refused-by-schema')
  })
})

describe('algorithms', () => {
  test('EdDSA passes only where it is named', async () => {
    const issuer = await LoopbackIssuer.start()
    const { publicJwk, signer } = testKey('Ed25519')
    issuer.keys = [{ publicJwk: { ...publicJwk, alg: 'EdDSA' }, signer }]
    const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const input = `${text({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.kid })}.${text(issuer.claims())}`
    const token = `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`
    expect(await refusal(issuer.verifier().verify(token))).toBe('verifier/invalid-token token/alg')
    expect(await refusal(issuer.verifier({ algorithms: ['EdDSA', 'ES256'] }).verify(token))).toBe('accepted')
    expect(await refusal(issuer.verifier({ algorithms: ['Ed25519'] }).verify(token))).toBe(
      'verifier/invalid-token token/alg',
    )
  })

  test('an RSA key without alg is of the one RSA algorithm that is accepted', async () => {
    const issuer = await LoopbackIssuer.start()
    const { publicJwk, signer } = testKey('PS256')
    const { alg: _alg, ...nameless } = publicJwk
    issuer.keys = [{ publicJwk: nameless, signer }]
    const token = await issuer.mint()
    expect(await refusal(issuer.verifier({ algorithms: ['PS256'] }).verify(token))).toBe('accepted')
    expect(await refusal(issuer.verifier().verify(token))).toMatch(/^verifier\/invalid-token token\//)
  })
})
