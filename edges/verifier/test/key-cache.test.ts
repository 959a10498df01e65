import { describe, expect, test, vi } from 'vitest'
import { LoopbackIssuer, refusal, testKey } from './loopback-issuer.ts'

const unknownKey = 'verifier/invalid-token token/unknown-key'

describe('keys are cached', () => {
  test('one discovery and one load serve 50 concurrent tokens, and the next ones', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)))
    issuer.clock.pass(200)
    await verifier.verify(token)
    expect(issuer.asked).toEqual(['/.well-known/oauth-authorization-server', '/jwks'])
  })

  test('they are refreshed ahead of expiry, behind the answers', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.verify(await issuer.mint())
    issuer.clock.pass(290)
    await verifier.verify(await issuer.mint())
    await vi.waitFor(() => expect(issuer.loads).toBe(2))
    issuer.clock.pass(200)
    await verifier.verify(await issuer.mint())
    expect(issuer.loads).toBe(2)
  })

  const clamps: readonly [string, number, number][] = [
    ['max-age=0', 44, 60],
    ['no-store', 44, 60],
    ['max-age=999999', 2690, 3600],
    ['public, max-age=600', 440, 600],
    ['', 220, 300],
    ['max-age=soon', 220, 300],
  ]
  for (const [header, fresh, stale] of clamps)
    test(`cache-control "${header}": no load after ${fresh} s, one after ${stale} s`, async () => {
      const issuer = await LoopbackIssuer.start()
      issuer.headers = header === '' ? {} : { 'cache-control': header }
      const verifier = issuer.verifier()
      await verifier.ready()
      issuer.clock.pass(fresh)
      await verifier.ready()
      expect(issuer.loads).toBe(1)
      issuer.clock.pass(stale - fresh)
      await verifier.ready()
      expect(issuer.loads).toBe(2)
    })

  test('Age shortens what is left of max-age', async () => {
    const issuer = await LoopbackIssuer.start()
    issuer.headers = { 'cache-control': 'max-age=600', age: '500' }
    const verifier = issuer.verifier()
    await verifier.ready()
    issuer.clock.pass(100)
    await verifier.ready()
    expect(issuer.loads).toBe(2)
  })

  test('a clock that was set back makes them stale', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    issuer.clock.pass(-3600)
    await verifier.ready()
    expect(issuer.loads).toBe(2)
  })
})

describe('rotation', () => {
  test('a new key is found without restart, an old one that is withdrawn dies', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const [old, next] = [issuer.keys[0], testKey()]
    await verifier.verify(await issuer.mint())
    issuer.keys = [next]
    issuer.clock.pass(31)
    await verifier.verify(await issuer.mint())
    expect(issuer.loads).toBe(2)
    expect(await refusal(verifier.verify(await issuer.mint({}, old?.signer)))).toBe(unknownKey)
  })

  test('two keys at once both verify', async () => {
    const issuer = await LoopbackIssuer.start()
    issuer.keys = [testKey('ES256'), testKey('Ed25519')]
    const verifier = issuer.verifier()
    for (const key of issuer.keys) await verifier.verify(await issuer.mint({}, key.signer))
    expect(issuer.loads).toBe(1)
  })

  test('a flood of unknown key ids costs at most one load in 30 seconds', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    const { signer } = testKey()
    const flood = async (): Promise<void> => {
      const tokens = await Promise.all(
        Array.from({ length: 100 }, (_, at) =>
          issuer.mint({}, { ...signer, sign: signer.sign, kid: `${at}-${issuer.clock.now()}` }),
        ),
      )
      const refusals = await Promise.all(tokens.map((token) => refusal(verifier.verify(token))))
      expect(new Set(refusals)).toEqual(new Set([unknownKey]))
    }
    await flood()
    expect(issuer.loads).toBe(1)
    issuer.clock.pass(30)
    await flood()
    expect(issuer.loads).toBe(2)
    issuer.clock.pass(29)
    await flood()
    expect(issuer.loads).toBe(2)
    await verifier.verify(await issuer.mint())
  })

  test('one unknown key id asked again within a minute costs no further load', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    const token = await issuer.mint({}, testKey().signer)
    for (const [pass, loads] of [
      [30, 2],
      [30, 2],
      [30, 3],
    ] as const) {
      issuer.clock.pass(pass)
      expect(await refusal(verifier.verify(token))).toBe(unknownKey)
      expect(issuer.loads).toBe(loads)
    }
  })
})

describe('a clock that is put right in small steps', () => {
  test('has no unknown key id asked for sooner', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.mint({}, testKey().signer)))
    for (const token of tokens) {
      expect(await refusal(verifier.verify(token))).toBe(unknownKey)
      issuer.clock.pass(-0.001)
    }
    expect(issuer.loads).toBe(1)
  })
})

describe('an issuer that is away', () => {
  test('keys serve for a day after their last load, then 503', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.verify(await issuer.mint())
    await issuer.stop()
    for (const pass of [3600, 82_799]) {
      issuer.clock.pass(pass)
      await verifier.verify(await issuer.mint())
    }
    issuer.clock.pass(1)
    const error = await verifier.verify(await issuer.mint()).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'verifier/keys-unavailable', retryAfter: expect.any(Number) })
  })

  test('longestStale: 0 gives up as soon as the keys have expired', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ longestStale: 0 })
    await verifier.verify(await issuer.mint())
    await issuer.stop()
    issuer.clock.pass(299)
    await verifier.verify(await issuer.mint())
    issuer.clock.pass(1)
    expect(await refusal(verifier.verify(await issuer.mint()))).toMatch(/^verifier\/keys-unavailable/)
  })

  test('50 concurrent tokens cause one attempt, and those that follow none until the delay is over', async () => {
    const issuer = await LoopbackIssuer.start()
    issuer.answers.clear()
    const attempts: string[] = []
    const verifier = issuer.verifier({
      fetch: async (url) => {
        attempts.push(url)
        throw new TypeError('fetch failed')
      },
    })
    const token = await issuer.mint()
    const round = async (): Promise<void> => {
      const refusals = await Promise.all(Array.from({ length: 50 }, () => refusal(verifier.verify(token))))
      for (const one of refusals) expect(one).toMatch(/^verifier\/keys-unavailable/)
    }
    await round()
    await round()
    expect(attempts).toHaveLength(1)
    // The delay doubles from one second to sixty, and at least half of it is waited for
    for (const [pass, expected] of [
      [0.4, 1],
      [0.6, 2],
      [0.9, 2],
      [1.1, 3],
      [1.9, 3],
      [2.1, 4],
      [3600, 5],
      [7.9, 5],
      [8.1, 6],
      [60, 7],
      [60, 8],
      [60, 9],
      [29.9, 9],
      [30.1, 10],
    ] as const) {
      issuer.clock.pass(pass)
      await round()
      expect([pass, attempts.length]).toEqual([pass, expected])
    }
  })

  test('it is asked again once the delay is over, and found', async () => {
    const issuer = await LoopbackIssuer.start()
    const jwks = issuer.answers.get('/jwks')
    issuer.answers.set('/jwks', (_, response) => response.writeHead(500).end())
    const verifier = issuer.verifier()
    expect(await refusal(verifier.verify(await issuer.mint()))).toBe(
      'verifier/keys-unavailable document-status',
    )
    expect(await refusal(verifier.verify(await issuer.mint()))).toBe('verifier/keys-unavailable backing-off')
    if (jwks !== undefined) issuer.answers.set('/jwks', jwks)
    issuer.clock.pass(1)
    expect(await refusal(verifier.verify(await issuer.mint()))).toBe('accepted')
  })

  test('a clock that is set back meanwhile holds nobody up', async () => {
    const issuer = await LoopbackIssuer.start()
    const jwks = issuer.answers.get('/jwks') ?? (() => undefined)
    issuer.answers.set('/jwks', (_, response) => response.writeHead(500).end())
    const verifier = issuer.verifier()
    await expect(verifier.ready()).rejects.toMatchObject({ reason: 'document-status' })
    issuer.answers.set('/jwks', jwks)
    issuer.clock.pass(-86_400)
    await verifier.ready()

    issuer.clock.pass(300)
    issuer.answers.set('/jwks', (_, response) => response.writeHead(500).end())
    await verifier.ready()
    issuer.answers.set('/jwks', jwks)
    issuer.clock.pass(-86_400)
    const next = testKey()
    issuer.keys = [next]
    await verifier.ready()
    await vi.waitFor(() => expect(verifier.keySet()).toMatchObject({ keys: [{ kid: next.publicJwk.kid }] }))
  })

  test('an unknown key id is then not called wrong: nobody can tell', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    await issuer.stop()
    issuer.clock.pass(31)
    const token = await issuer.mint({}, testKey().signer)
    expect(await refusal(verifier.verify(token))).toBe('verifier/keys-unavailable network')
    expect(await refusal(verifier.verify(token))).toBe('verifier/keys-unavailable backing-off')
    await verifier.verify(await issuer.mint())
  })
})

describe('keys given at the start', () => {
  test('jwks with jwksUri: null never fetches, and does not age', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ jwks: JSON.parse(issuer.jwks()), jwksUri: null })
    issuer.clock.pass(1_000_000)
    await verifier.verify(await issuer.mint())
    expect(await refusal(verifier.verify(await issuer.mint({}, testKey().signer)))).toBe(unknownKey)
    expect(issuer.asked).toEqual([])
  })

  test('jwks serves a cold start while the issuer is away, for as long as stale keys may', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ jwks: JSON.parse(issuer.jwks()) })
    await issuer.stop()
    await verifier.verify(await issuer.mint())
    issuer.clock.pass(86_400)
    expect(await refusal(verifier.verify(await issuer.mint()))).toMatch(/^verifier\/keys-unavailable/)
  })

  test('jwks is replaced by what the issuer publishes', async () => {
    const issuer = await LoopbackIssuer.start()
    const old = issuer.keys[0]
    const verifier = issuer.verifier({ jwks: JSON.parse(issuer.jwks()) })
    issuer.keys = [testKey()]
    await verifier.verify(await issuer.mint())
    expect(await refusal(verifier.verify(await issuer.mint({}, old?.signer)))).toBe(unknownKey)
  })

  test('jwksUri is fetched without discovery', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ jwksUri: `${issuer.origin}/jwks` })
    await verifier.verify(await issuer.mint())
    expect(issuer.asked).toEqual(['/jwks'])
  })
})
