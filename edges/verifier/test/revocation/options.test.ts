import { createVerifier, VerifierError, type VerifierOptions } from '@jotwarden/verifier'
import { followRevocations, type RevocationOptions } from '@jotwarden/verifier/revocation'
import { describe, expect, test } from 'vitest'

const credential = { clientId: 'api', clientSecret: 'secret' }

function fault(revocation: unknown, issuer = 'https://issuer.example'): string {
  try {
    createVerifier({
      issuer,
      audience: 'https://api.example',
      revocation: followRevocations(revocation as RevocationOptions),
    })
  } catch (error) {
    if (error instanceof VerifierError && error.code === 'verifier/options') return error.message
    throw error
  }
  return 'accepted'
}

describe('the option revocation', () => {
  test('is not the bare credential: that would follow nothing', () => {
    const bare = { issuer: 'https://issuer.example', audience: null, revocation: credential } as unknown
    expect(() => createVerifier(bare as VerifierOptions)).toThrow(/followRevocations/)
  })

  test('takes a credential', () => expect(fault(credential)).toBe('accepted'))

  test('needs both halves of it', () => {
    expect(fault({ clientId: 'api' })).toContain('the option revocation.clientSecret is missing')
    expect(fault({ clientSecret: 'secret' })).toContain('the option revocation.clientId is missing')
  })

  const cases: readonly [string, readonly unknown[]][] = [
    ['clientId', ['', 1, null]],
    ['clientSecret', ['', 1, null, new Uint8Array(32), {}]],
    ['maxStaleness', [1.9, 3601, Number.NaN, Number.POSITIVE_INFINITY, '30', null, -30]],
    [
      'feedEndpoint',
      [
        '',
        '/feed',
        'http://issuer.example/feed',
        'http://localhost/feed',
        'https://a:b@issuer.example/',
        'https://issuer.example/#x',
        1,
        null,
      ],
    ],
    ['introspectionEndpoint', ['', 'http://issuer.example/introspect', 'file:///etc/passwd', null]],
    ['onEvent', [null, 'log', {}]],
    ['maxStale', [30, undefined]],
  ]
  for (const [name, values] of cases)
    for (const value of values)
      test(`refuses ${name} = ${String(JSON.stringify(value) ?? value)}, naming it`, () =>
        expect(fault({ ...credential, [name]: value })).toContain(`the option revocation.${name} `))

  for (const maxStaleness of [2, 3600])
    test(`takes maxStaleness = ${maxStaleness}`, () =>
      expect(fault({ ...credential, maxStaleness })).toBe('accepted'))

  test('takes endpoints of another origin: they are written by hand', () =>
    expect(
      fault({
        ...credential,
        feedEndpoint: 'https://feed.example/',
        introspectionEndpoint: 'https://x.example/',
      }),
    ).toBe('accepted'))

  test('takes http where the issuer is on loopback', () =>
    expect(fault({ ...credential, feedEndpoint: 'http://127.0.0.1:1/feed' }, 'http://localhost:1')).toBe(
      'accepted',
    ))
})
