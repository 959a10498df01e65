import type { VerifyOutcome } from '@jotwarden/verifier'
import { createMultiIssuerVerifier } from '@jotwarden/verifier/multi-issuer'
import { describe, expect, onTestFinished, test } from 'vitest'
import { audience, LoopbackIssuer, refusal, testKey } from './loopback-issuer.ts'

const shown = (outcome: VerifyOutcome): string =>
  outcome.accepted ? String(outcome.auth.claims.jti) : `${outcome.error.code} ${outcome.error.reason}`

describe('verifyMany()', () => {
  test('answers an outcome for each token, in order', async () => {
    const issuer = await LoopbackIssuer.start()
    issuer.keys = [testKey('ES256'), testKey('Ed25519'), testKey('RS256')]
    const verifier = issuer.verifier()
    const tokens: string[] = []
    const expected: string[] = []
    for (let at = 0; at < 150; at++) {
      const bad = at % 7 === 3
      const token = await issuer.mint(
        { jti: `j${at}`, ...(bad ? { exp: 1 } : {}) },
        issuer.keys[at % 3]?.signer,
      )
      tokens.push(at % 11 === 5 ? `${token.slice(0, -8)}AAAAAAAA` : token)
      expected.push(
        at % 11 === 5
          ? 'verifier/invalid-token token/signature'
          : bad
            ? 'verifier/invalid-token expired'
            : `j${at}`,
      )
    }
    expect((await verifier.verifyMany(tokens)).map(shown)).toEqual(expected)
    expect(issuer.loads).toBe(1)
    expect(verifier.counters().accepted).toBe(expected.filter((one) => one.startsWith('j')).length)
  })

  test('none gives none', async () => {
    const issuer = await LoopbackIssuer.start()
    expect(await issuer.verifier().verifyMany([])).toEqual([])
  })

  test('what is bound to a key, or no string, is an outcome too', async () => {
    const issuer = await LoopbackIssuer.start()
    const bound = await issuer.mint({ cnf: { jkt: 'x'.repeat(43) } })
    const outcomes = await issuer.verifier().verifyMany([bound, 1 as unknown as string])
    expect(outcomes.map(shown)).toEqual([
      'verifier/invalid-token sender-constrained',
      'verifier/invalid-token token/malformed',
    ])
  })

  test('a closed verifier refuses all of them', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    const under = verifier.verifyMany(Array(100).fill(token))
    await verifier.close()
    for (const outcome of await under)
      if (!outcome.accepted) expect(outcome.error.code).toBe('verifier/closed')
    expect((await verifier.verifyMany([token])).map(shown)).toEqual(['verifier/closed undefined'])
    expect(await refusal(verifier.verify(token))).toBe('verifier/closed')
  })

  test('of several issuers, each by its own', async () => {
    const [one, other] = [await LoopbackIssuer.start(), await LoopbackIssuer.start()]
    const verifier = createMultiIssuerVerifier(
      [one, other].map(({ issuer, clock }) => ({ issuer, audience, revocation: null, clock })),
    )
    onTestFinished(() => verifier.close())
    const tokens = [
      await one.mint({ jti: 'a' }),
      await other.mint({ jti: 'b' }),
      await other.mint({ iss: one.issuer }),
      await one.mint({ iss: 'https://nobody.example' }),
    ]
    expect((await verifier.verifyMany(tokens)).map(shown)).toEqual([
      'a',
      'b',
      'verifier/invalid-token token/unknown-key',
      'verifier/invalid-token wrong-issuer',
    ])
  })
})
