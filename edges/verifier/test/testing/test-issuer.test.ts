import { createVerifier } from '@jotwarden/verifier'
import { dpop } from '@jotwarden/verifier/dpop'
import { withAuth } from '@jotwarden/verifier/fetch'
import { createTestIssuer, createTestProofKey, TestClock } from '@jotwarden/verifier/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { refusal } from '../loopback-issuer.ts'

describe('createTestIssuer()', () => {
  test('mints tokens that a verifier of its options accepts, without network', async () => {
    const issuer = await createTestIssuer()
    const auth = await issuer.verifier().verify(await issuer.mint({ scope: 'read' }))
    expect(auth).toMatchObject({
      subject: 'test-user',
      clientId: 'test-client',
      issuer: 'https://issuer.test',
    })
    expect(auth.has('read')).toBe(true)
  })

  test('mints each token with an id of its own, and takes claims in place of its own', async () => {
    const issuer = await createTestIssuer({ audience: 'https://orders.test' })
    const verifier = issuer.verifier()
    const [one, two] = await verifier.verifyMany([await issuer.mint(), await issuer.mint({ sub: 'ann' })])
    if (!(one?.accepted && two?.accepted)) throw new Error('refused')
    expect(one.auth.claims.jti).not.toBe(two.auth.claims.jti)
    expect([one.auth.audience, two.auth.subject]).toEqual([['https://orders.test'], 'ann'])
    expect(await refusal(verifier.verify(await issuer.mint({ client_id: undefined })))).toBe(
      'verifier/invalid-token missing-claim',
    )
    expect(await refusal(verifier.verify(await issuer.mint({}, { typ: 'JWT' })))).toBe(
      'verifier/invalid-token wrong-typ',
    )
  })

  test('refuses options and headers that it does not know: a test would pass for want of them', async () => {
    await expect(createTestIssuer({ algorithm: 'RS256' } as never)).rejects.toThrow('algorithm')
    const issuer = await createTestIssuer()
    await expect(issuer.mint({}, { kid: 'other' } as never)).rejects.toThrow('kid')
  })

  test('mints tokens that are expired, and tokens that are forged', async () => {
    const issuer = await createTestIssuer()
    const verifier = issuer.verifier()
    expect(await refusal(verifier.verify(await issuer.mintExpired()))).toBe('verifier/invalid-token expired')
    expect(await refusal(verifier.verify(await issuer.mintForged()))).toMatch(/^verifier\/invalid-token/)
  })

  test('has a clock that stands until it is moved, and never goes back', async () => {
    const issuer = await createTestIssuer({ now: 1_800_000_000 })
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    issuer.clock.pass(599)
    expect(await refusal(verifier.verify(token))).toBe('accepted')
    issuer.clock.pass(31)
    expect(await refusal(verifier.verify(token))).toBe('verifier/invalid-token expired')
    expect(issuer.clock.now()).toBe(1_800_000_630)
    for (const wrong of [-1, Number.NaN]) expect(() => new TestClock(0).pass(wrong)).toThrow(RangeError)
  })

  test('rotates its key as an issuer does: older tokens stay good', async () => {
    const issuer = await createTestIssuer()
    const before = await issuer.mint()
    await issuer.rotateKey()
    const after = await issuer.mint()
    expect(issuer.jwks().keys).toHaveLength(2)
    const verifier = issuer.verifier()
    expect(await Promise.all([refusal(verifier.verify(before)), refusal(verifier.verify(after))])).toEqual([
      'accepted',
      'accepted',
    ])
  })

  for (const alg of ['RS256', 'Ed25519'] as const)
    test(`signs with ${alg}`, async () => {
      const issuer = await createTestIssuer({ alg })
      expect((await issuer.verifier().verify(await issuer.mint())).header?.alg).toBe(alg)
    })

  test('listens where an API of another process can ask it', async () => {
    const issuer = await createTestIssuer({ listen: true })
    onTestFinished(() => issuer.close())
    const verifier = createVerifier({ issuer: issuer.issuer, audience: issuer.audience, revocation: null })
    expect(await refusal(verifier.verify(await issuer.mint()))).toBe('accepted')
    await issuer.close()
    await expect(fetch(issuer.issuer)).rejects.toThrow()
  })

  test('knows nothing but its metadata and its keys', async () => {
    const { fetch, issuer } = await createTestIssuer()
    expect((await fetch(`${issuer}/token`, {})).status).toBe(404)
  })
})

test('createTestProofKey() proves possession of a bound token, once', async () => {
  const issuer = await createTestIssuer()
  const url = 'https://api.test/orders?page=2'
  const handler = withAuth(
    issuer.verifier({ dpop: dpop({ required: false, nonce: null }) }),
    {},
    (_, auth) => new Response(auth.confirmation?.type),
  )
  const key = await createTestProofKey()
  const token = await issuer.mint({ cnf: { jkt: key.thumbprint } })
  const ask = (proof: string): Promise<Response> =>
    handler(new Request(url, { headers: { authorization: `DPoP ${token}`, dpop: proof } }))
  const proof = await key.proof({ method: 'GET', url }, token, issuer.clock.now())
  expect(await (await ask(proof)).text()).toBe('dpop')
  const again = await ask(proof)
  expect([again.status, again.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringMatching(/^DPoP error="invalid_dpop_proof".*, Bearer$/),
  ])
  const late = await key.proof({ method: 'GET', url }, token, issuer.clock.now(), { iat: 1 })
  expect((await ask(late)).status).toBe(401)
})
