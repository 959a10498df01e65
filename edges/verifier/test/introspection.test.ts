import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { challengeResponse, createVerifier, type VerifierOptions } from '@jotwarden/verifier'
import { type IntrospectionOptions, introspection } from '@jotwarden/verifier/introspection'
import { describe, expect, test, vi } from 'vitest'
import { LoopbackIssuer, refusal } from './loopback-issuer.ts'

const token = 'jwo_0123456789abcdefghij'
const credential = { clientId: 'api', clientSecret: 'canary:s3cret' }

/** A verifier whose issuer answers introspections with what the test says, and what was asked. */
async function world(
  answer: (issuer: LoopbackIssuer) => unknown,
  options: Partial<IntrospectionOptions> = {},
  over: Partial<VerifierOptions> = {},
) {
  const issuer = await LoopbackIssuer.start()
  const asked: string[] = []
  issuer.endpoints.introspection_endpoint = `${issuer.origin}/introspect`
  issuer.answers.set('/introspect', async (request, response) => {
    asked.push(new URLSearchParams(await text(request)).get('token') ?? '')
    const told = answer(issuer)
    if (typeof told === 'number') response.writeHead(told).end()
    else response.end(JSON.stringify(told))
  })
  const verifier = issuer.verifier({ introspection: introspection({ ...credential, ...options }), ...over })
  return { issuer, verifier, asked }
}

const active = (issuer: LoopbackIssuer): object => ({
  active: true,
  token_type: 'Bearer',
  ...issuer.claims(),
})

describe('introspection()', () => {
  test('reads an opaque token: the context says so, and holds no header', async () => {
    const { issuer, verifier } = await world(active)
    const auth = await verifier.verify(token)
    expect(auth).toMatchObject({
      tokenKind: 'opaque',
      subject: 'user-1',
      clientId: 'client-1',
      header: undefined,
    })
    expect(auth.has('read')).toBe(true)
    expect(auth.claims).toEqual(issuer.claims())
    expect(Object.isFrozen(auth.claims)).toBe(true)
  })

  for (const [type, verdict] of [
    ['bearer', 'accepted'],
    ['DPOP', 'accepted'],
    [undefined, 'accepted'],
    ['Refresh', 'verifier/invalid-token wrong-typ'],
    ['urn:ietf:params:oauth:token-type:refresh_token', 'verifier/invalid-token wrong-typ'],
    ['N_A', 'verifier/invalid-token wrong-typ'],
    ['Bearer\n', 'verifier/invalid-token wrong-typ'],
    [['Bearer'], 'verifier/invalid-token wrong-typ'],
    [null, 'verifier/invalid-token wrong-typ'],
  ] as const)
    test(`an active token of the type ${JSON.stringify(type)} is ${verdict}`, async () => {
      const { verifier } = await world((issuer) => ({ ...active(issuer), token_type: type }))
      expect(await refusal(verifier.verify(token))).toBe(verdict)
    })

  test('JWTs go their own way and cost no question', async () => {
    const { issuer, verifier, asked } = await world(active)
    expect((await verifier.verify(await issuer.mint())).tokenKind).toBe('jwt')
    expect(await refusal(verifier.verify(`${await issuer.mint()}x`))).toMatch(
      /^verifier\/invalid-token token\//,
    )
    expect(asked).toEqual([])
  })

  test('without it an opaque token is no token', async () => {
    const issuer = await LoopbackIssuer.start()
    expect(await refusal(issuer.verifier().verify(token))).toBe('verifier/invalid-token token/malformed')
  })

  test('fills in the issuer and the hash of the token where the answer names neither', async () => {
    const { issuer, verifier } = await world((one) => {
      const { iss: _iss, jti: _jti, ...claims } = one.claims()
      return { active: true, ...claims }
    })
    const { claims } = await verifier.verify(token)
    expect(claims.iss).toBe(issuer.issuer)
    expect(claims.jti).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  const refused: readonly [string, (issuer: LoopbackIssuer) => unknown, string][] = [
    ['an inactive one', () => ({ active: false }), 'verifier/invalid-token inactive'],
    [
      'one of another issuer',
      (one) => ({ ...active(one), iss: 'https://x.example' }),
      'verifier/invalid-token wrong-issuer',
    ],
    [
      'one for another API',
      (one) => ({ ...active(one), aud: 'https://x.example' }),
      'verifier/invalid-token wrong-audience',
    ],
    [
      'one without audience',
      (one) => ({ ...active(one), aud: undefined }),
      'verifier/invalid-token missing-claim',
    ],
    [
      'one without subject',
      (one) => ({ ...active(one), sub: undefined }),
      'verifier/invalid-token missing-claim',
    ],
    [
      'one that has expired',
      (one) => ({ ...active(one), exp: one.clock.now() - 31 }),
      'verifier/invalid-token expired',
    ],
    [
      'one of a wrong shape',
      (one) => ({ ...active(one), exp: '9999999999' }),
      'verifier/invalid-token malformed-claim',
    ],
    [
      'one that is bound',
      (one) => ({ ...active(one), cnf: { jkt: 'x'.repeat(43) } }),
      'verifier/invalid-token sender-constrained',
    ],
    ['an answer without active', (one) => one.claims(), 'verifier/freshness-unavailable document-malformed'],
    [
      'active as text',
      (one) => ({ ...active(one), active: 'true' }),
      'verifier/freshness-unavailable document-malformed',
    ],
    ['an error of the issuer', () => 500, 'verifier/freshness-unavailable document-status'],
    ['a refused credential', () => 401, 'verifier/freshness-unavailable document-status'],
  ]
  for (const [name, answer, expected] of refused)
    test(`refuses ${name}`, async () => {
      const { verifier } = await world(answer)
      expect(await refusal(verifier.verify(token))).toBe(expected)
    })

  test('what cannot be asked is answered 503 with Retry-After', async () => {
    const { verifier } = await world(() => 500)
    const error: unknown = await verifier.verify(token).catch((cause: unknown) => cause)
    const response = challengeResponse(error)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  })

  test('tells of a refused credential, and shows neither token nor secret in the error', async () => {
    const statuses: number[] = []
    const { verifier } = await world(() => 401, { onRefused: (status) => statuses.push(status) })
    const error: unknown = await verifier.verify(token).catch((cause: unknown) => cause)
    expect(statuses).toEqual([401])
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/canary|jwo_/)
  })

  test('a listener that throws or rejects disturbs nothing', async () => {
    const unhandled: unknown[] = []
    const onUnhandled = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', onUnhandled)
    const fail = (): never => {
      throw new Error('mine')
    }
    for (const onRefused of [fail, async () => fail()]) {
      const { verifier } = await world(() => 401, { onRefused })
      expect(await refusal(verifier.verify(token))).toBe('verifier/freshness-unavailable document-status')
    }
    await setImmediate()
    process.off('unhandledRejection', onUnhandled)
    expect(unhandled).toEqual([])
  })

  test('calls for one token share one question, and the next ones its answer for some seconds', async () => {
    const { issuer, verifier, asked } = await world(active)
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)))
    issuer.clock.pass(4.9)
    await verifier.verify(token)
    expect(asked).toEqual([token])
    issuer.clock.pass(0.2)
    await verifier.verify(token)
    expect(asked).toEqual([token, token])
  })

  test('an inactive answer is remembered as well, a failure is not', async () => {
    let answer: unknown = { active: false }
    const { verifier, asked } = await world(() => answer)
    for (const _ of [1, 2])
      expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token inactive')
    expect(asked).toHaveLength(1)
    answer = 500
    for (const _ of [1, 2])
      expect(await refusal(verifier.verify(`${token}2`))).toMatch(/^verifier\/freshness-unavailable/)
    expect(asked).toHaveLength(3)
  })

  test('cacheFor: 0 asks each time', async () => {
    const { verifier, asked } = await world(active, { cacheFor: 0 })
    await verifier.verify(token)
    await verifier.verify(token)
    expect(asked).toHaveLength(2)
  })

  test('what is remembered is bounded', async () => {
    const { verifier, asked } = await world(active, { maxAnswers: 2 })
    for (const at of [1, 2, 3, 1]) await verifier.verify(`${token}${at}`)
    expect(asked).toHaveLength(4)
    await verifier.verify(`${token}3`)
    expect(asked).toHaveLength(4)
  })

  test('an answer that is remembered still expires by its exp', async () => {
    const { issuer, verifier } = await world((one) => ({ ...active(one), exp: 1_800_000_001 }), {
      cacheFor: 60,
    })
    await verifier.verify(token)
    issuer.clock.pass(31)
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token expired')
  })

  test('requireFresh() asks again, whatever is remembered', async () => {
    let alive = true
    const { verifier, asked } = await world((one) => (alive ? active(one) : { active: false }))
    const auth = await verifier.verify(token)
    expect((await auth.requireFresh()).tokenKind).toBe('opaque')
    alive = false
    expect(await refusal(auth.requireFresh())).toBe('verifier/invalid-token inactive')
    expect(asked).toHaveLength(3)
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token inactive')
    expect(asked).toHaveLength(3)
  })

  test('requireFresh() refuses a token that is bound to another key than the request has shown', async () => {
    let cnf: object | undefined
    const { verifier } = await world((one) => ({ ...active(one), cnf }))
    const auth = await verifier.verify(token)
    cnf = { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' }
    expect(await refusal(auth.requireFresh())).toBe('verifier/invalid-token introspection-differs')
    cnf = undefined
    expect((await auth.requireFresh()).tokenKind).toBe('opaque')
  })

  test('what was answered last to an earlier question of the same moment is not remembered', async () => {
    const { issuer, verifier } = await world(active)
    const auth = await verifier.verify(token)
    issuer.clock.pass(6)
    const waiting: ((answer: object) => void)[] = []
    issuer.answers.set('/introspect', async (request, response) => {
      await text(request)
      waiting.push((answer) => void response.end(JSON.stringify(answer)))
    })
    const earlier = verifier.verify(token)
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    const later = refusal(auth.requireFresh())
    await vi.waitFor(() => expect(waiting).toHaveLength(2))
    waiting[1]?.({ active: false })
    expect(await later).toBe('verifier/invalid-token inactive')
    waiting[0]?.(active(issuer))
    await earlier
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token inactive')
    expect(waiting).toHaveLength(2)
  })

  test('with a prefix nothing else is asked about; nor is what is too short, too long or no token', async () => {
    const { verifier, asked } = await world(active, { prefix: 'jwo_' })
    for (const other of [
      'abcdefghijkl',
      'jwo_',
      `jwo_${'x'.repeat(5000)}`,
      'jwo_ä012345678',
      'jwo_.a.b.c.d.e ',
      '',
    ])
      expect(await refusal(verifier.verify(other))).toMatch(/^verifier\/invalid-token/)
    expect(asked).toEqual([])
  })

  test('a flood of tokens keeps at most 64 questions open', async () => {
    const { issuer, verifier } = await world(active)
    let open = 0
    let most = 0
    const waiting: (() => void)[] = []
    issuer.answers.set('/introspect', async (request, response) => {
      await text(request)
      open += 1
      most = Math.max(most, open)
      waiting.push(() => response.end('{"active":false}'))
      if (waiting.length === 64) for (const answer of waiting) answer()
    })
    const verdicts = await Promise.all(
      Array.from({ length: 300 }, (_, at) => refusal(verifier.verify(`${token}${at}`))),
    )
    expect(most).toBe(64)
    expect(verdicts.filter((one) => one === 'verifier/invalid-token inactive')).toHaveLength(64)
    expect(verdicts.filter((one) => one === 'verifier/freshness-unavailable backing-off')).toHaveLength(236)
  })

  const wrong: readonly [string, object][] = [
    ['clientId', { clientId: '' }],
    ['clientSecret', { clientSecret: 1 }],
    ['endpoint', { endpoint: 'http://issuer.example/' }],
    ['cacheFor', { cacheFor: 61 }],
    ['cacheFor', { cacheFor: Number.NaN }],
    ['maxAnswers', { maxAnswers: 0 }],
    ['maxAnswers', { maxAnswers: 1.5 }],
    ['prefix', { prefix: 1 }],
    ['ttl', { ttl: 1 }],
  ]
  for (const [name, options] of wrong)
    test(`refuses ${JSON.stringify(options)}`, () => {
      const made = introspection({ ...credential, ...options } as IntrospectionOptions)
      const base = { issuer: 'https://issuer.example', audience: null, revocation: null } as const
      expect(() => createVerifier({ ...base, introspection: made })).toThrow(
        new RegExp(`the option introspection\\.${name} `),
      )
    })
})
