import { VerifierError } from '@jotwarden/verifier'
import { describe, expect, test, vi } from 'vitest'
import { LoopbackIssuer, testKey } from './loopback-issuer.ts'

function outcome(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof VerifierError) return `${error.code} ${error.reason ?? ''}`.trim()
    throw error
  }
  return 'accepted'
}

describe('verifySync()', () => {
  test('answers what verify() answers, once the keys are at hand', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    expect(outcome(() => verifier.verifySync(token))).toBe('verifier/keys-unavailable not-at-hand')
    await vi.waitFor(() => expect(outcome(() => verifier.verifySync(token))).toBe('accepted'))
    expect(verifier.verifySync(token)).toEqual(await verifier.verify(token))
    expect(issuer.loads).toBe(1)
  })

  const bad: readonly [string, (issuer: LoopbackIssuer) => Promise<string>, string][] = [
    ['an expired token', (issuer) => issuer.mint({ exp: 1_799_999_900 }), 'verifier/invalid-token expired'],
    [
      'a forged token',
      (issuer) => issuer.mint({}, { ...testKey().signer, kid: issuer.keys[0]?.publicJwk.kid ?? '' }),
      'verifier/invalid-token token/signature',
    ],
    [
      'a bound token',
      (issuer) => issuer.mint({ cnf: { jkt: 'x'.repeat(43) } }),
      'verifier/invalid-token sender-constrained',
    ],
  ]
  for (const [name, mint, expected] of bad)
    test(`refuses ${name} as verify() does`, async () => {
      const issuer = await LoopbackIssuer.start()
      const verifier = issuer.verifier()
      await verifier.ready()
      const token = await mint(issuer)
      expect(outcome(() => verifier.verifySync(token))).toBe(expected)
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'verifier/invalid-token' })
    })

  test('an unknown key is asked about behind the answer', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    await verifier.ready()
    issuer.clock.pass(31)
    const rotated = testKey()
    issuer.keys.push(rotated)
    const token = await issuer.mint({}, rotated.signer)
    expect(outcome(() => verifier.verifySync(token))).toBe('verifier/keys-unavailable not-at-hand')
    await vi.waitFor(() => expect(outcome(() => verifier.verifySync(token))).toBe('accepted'))
    expect(issuer.loads).toBe(2)
  })

  test('goes on with stale keys while the issuer is away, and no longer than they may be used', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ longestStale: 1000 })
    await verifier.ready()
    await issuer.stop()
    issuer.clock.pass(500)
    await expect(verifier.verify(await issuer.mint())).resolves.toBeDefined()
    const token = await issuer.mint()
    expect(outcome(() => verifier.verifySync(token))).toBe('accepted')
    issuer.clock.pass(501)
    const later = await issuer.mint()
    expect(outcome(() => verifier.verifySync(later))).toBe('verifier/keys-unavailable not-at-hand')
    await issuer.restart()
  })

  test('refuses everything once the verifier is closed', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    const token = await issuer.mint()
    await verifier.verify(token)
    await verifier.close()
    expect(outcome(() => verifier.verifySync(token))).toBe('verifier/closed')
  })
})

test('keySet() of one verifier spares another its first wait', async () => {
  const issuer = await LoopbackIssuer.start()
  const first = issuer.verifier()
  expect(first.keySet()).toBeUndefined()
  await first.ready()
  const jwks: unknown = JSON.parse(JSON.stringify(first.keySet()))
  await issuer.stop()
  const second = issuer.verifier({ jwks })
  await expect(second.verify(await issuer.mint())).resolves.toMatchObject({ subject: 'user-1' })
  await issuer.restart()
})
