import { createVerifier, VerifierError, type VerifierOptions } from '@jotwarden/verifier'
import { tokenCache } from '@jotwarden/verifier/cache'
import { describe, expect, test, vi } from 'vitest'
import { LoopbackIssuer, refusal } from './loopback-issuer.ts'
import { LoopbackFeed } from './revocation/loopback-feed.ts'

describe('tokenCache()', () => {
  test('a token that comes again gives the same context, and costs no check of its signature', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ cache: tokenCache() })
    const token = await issuer.mint()
    const first = await verifier.verify(token)
    // Another string of the same characters: the cache goes by them, not by the object
    const again = Buffer.from(token).toString()
    expect(await verifier.verify(again)).toBe(first)
    expect(verifier.verifySync(again)).toBe(first)
    expect(verifier.counters()).toMatchObject({ accepted: 3, 'cache-hit': 2 })
  })

  test('what is shared cannot be changed by one handler for the next', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ cache: tokenCache() })
    const token = await issuer.mint({ roles: ['reader'], deep: { list: [{ a: 1 }] } })
    const { claims } = await verifier.verify(token)
    expect(() => Object.assign(claims, { sub: 'admin' })).toThrow(TypeError)
    expect(() => (claims.roles as string[]).push('admin')).toThrow(TypeError)
    expect(() => Object.assign((claims.deep as { list: object[] }).list[0] ?? {}, { a: 2 })).toThrow(
      TypeError,
    )
  })

  const times: readonly [string, object, number, string][] = [
    ['exp', { exp: 1_800_000_100 }, 130, 'verifier/invalid-token expired'],
    ['exp of a fraction', { exp: 1_800_000_100.5 }, 130.5, 'verifier/invalid-token expired'],
  ]
  for (const [name, claims, seconds, expected] of times)
    test(`checks ${name} again`, async () => {
      const issuer = await LoopbackIssuer.start()
      const verifier = issuer.verifier({ cache: tokenCache() })
      const token = await issuer.mint({ ...claims })
      await verifier.verify(token)
      issuer.clock.pass(seconds - 0.25)
      expect(await refusal(verifier.verify(token))).toBe('accepted')
      expect(verifier.counters()['cache-hit']).toBe(1)
      issuer.clock.pass(0.25)
      expect(await refusal(verifier.verify(token))).toBe(expected)
    })

  test('checks maxAge again', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ cache: tokenCache(), maxAge: 60, skew: 0 })
    const token = await issuer.mint()
    await verifier.verify(token)
    issuer.clock.pass(59)
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    issuer.clock.pass(1)
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token too-old')
  })

  test('a clock that was set back is not taken for a hit', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ cache: tokenCache() })
    const token = await issuer.mint()
    await verifier.verify(token)
    issuer.clock.pass(-100)
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token issued-in-future')
  })

  test('a key that was withdrawn ends its tokens with the next load', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ cache: tokenCache() })
    const token = await issuer.mint()
    await verifier.verify(token)
    issuer.keys = []
    issuer.clock.pass(290)
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    await vi.waitFor(() => expect(issuer.loads).toBe(2))
    await vi.waitFor(async () =>
      expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token token/unknown-key'),
    )
  })

  test('a mark refuses a token that is remembered', async () => {
    const feed = await LoopbackFeed.start()
    const verifier = await feed.streaming({}, { cache: tokenCache() })
    const token = await feed.issuer.mint({ jti: 'taken' })
    await verifier.verify(token)
    await verifier.verify(token)
    feed.take('token', 'taken')
    await vi.waitFor(async () =>
      expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token revoked'),
    )
    expect(verifier.counters()['cache-hit']).toBeGreaterThan(0)
  })

  test('refused tokens are not remembered, nor is a twin of an accepted one accepted', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ cache: tokenCache() })
    const token = await issuer.mint()
    await verifier.verify(token)
    for (const twin of [`${token}=`, `${token} `, `${token}A`, token.slice(0, -1)])
      expect(await refusal(verifier.verify(twin))).toMatch(/^verifier\/invalid-token token\//)
  })

  test('one source in two verifiers keeps their tokens apart', async () => {
    const issuer = await LoopbackIssuer.start()
    const cache = tokenCache()
    const one = issuer.verifier({ cache })
    const other = issuer.verifier({ cache, audience: 'https://other.example' })
    const token = await issuer.mint()
    await one.verify(token)
    expect(await refusal(other.verify(token))).toBe('verifier/invalid-token wrong-audience')
  })

  test('a bound token is remembered without its proof', async () => {
    const issuer = await LoopbackIssuer.start()
    const proofs: string[] = []
    const verifier = issuer.verifier({
      cache: tokenCache(),
      mtls: {
        confirmation: 'x5t#S256',
        required: true,
        algs: [],
        check: async (request) => {
          proofs.push(request.method)
          if (request.method !== 'GET')
            throw new VerifierError('verifier/invalid-token', 'no', { reason: 'sender-constrained' })
          return {}
        },
      },
    })
    const token = await issuer.mint({ cnf: { 'x5t#S256': 'x'.repeat(43) } })
    const send = (method: string) =>
      verifier.authenticate(
        new Request('https://api.example/', { method, headers: { authorization: `Bearer ${token}` } }),
      )
    expect((await send('GET')).confirmation).toEqual({ type: 'mtls', thumbprint: 'x'.repeat(43) })
    expect(await refusal(send('PUT'))).toBe('verifier/invalid-token sender-constrained')
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token sender-constrained')
    expect(proofs).toEqual(['GET', 'PUT'])
  })

  test('holds no more than it may', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ cache: tokenCache({ maxTokens: 4 }) })
    const tokens = await Promise.all(Array.from({ length: 12 }, (_, at) => issuer.mint({ jti: `j${at}` })))
    for (const token of tokens) await verifier.verify(token)
    for (const token of tokens) await verifier.verify(token)
    // The first round filled it anew again and again: of 12 in a circle none of 4 is still there
    expect(verifier.counters()['cache-hit']).toBe(0)
    const last = tokens.at(-1) ?? ''
    await verifier.verify(last)
    expect(verifier.counters()['cache-hit']).toBe(1)
  })

  for (const maxTokens of [0, -1, 1.5, Number.NaN, 1_000_001])
    test(`refuses maxTokens = ${maxTokens}`, () =>
      expect(() => tokenCache({ maxTokens })).toThrow(/cache\.maxTokens/))

  test('refuses an option misspelt, and what holds none', () => {
    expect(() => tokenCache({ maxSize: 5 } as object)).toThrow(/the option cache\.maxSize is not known/)
    for (const options of [null, 5, 'all'])
      expect(() => tokenCache(options as unknown as object)).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      )
  })

  test('a cache of another make is refused', () => {
    const options = { issuer: 'https://i.example', audience: null, revocation: null, cache: new Map() }
    expect(() => createVerifier(options as unknown as VerifierOptions)).toThrow(/the option cache /)
  })
})
