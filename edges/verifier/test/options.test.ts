import { createVerifier, VerifierError, type VerifierOptions } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'

const good = { issuer: 'https://issuer.example', audience: 'https://api.example', revocation: null } as const

function fault(options: object): string {
  try {
    createVerifier(options as VerifierOptions)
  } catch (error) {
    if (error instanceof VerifierError && error.code === 'verifier/options') return error.message
    throw error
  }
  return 'accepted'
}

describe('createVerifier()', () => {
  test('needs issuer, audience and revocation, and says so one by one', () => {
    expect(fault(good)).toBe('accepted')
    for (const name of ['issuer', 'audience', 'revocation']) {
      const { [name]: _left, ...rest } = { ...good } as Record<string, unknown>
      expect(fault(rest)).toMatch(new RegExp(`the option ${name} is missing.*; `))
    }
  })

  test('names a misspelt option before the one that is missing for it', () => {
    for (const name of ['issuer', 'audience', 'revocation']) {
      const { [name]: value, ...rest } = { ...good } as Record<string, unknown>
      expect(fault({ ...rest, [`${name}s`]: value })).toContain(`the option ${name}s is not known`)
    }
    expect(fault('https://issuer.example' as never)).toContain('pass a plain object of options')
  })

  test('takes a plain object alone: what is inherited or hidden would be left out in silence', () => {
    class Configuration {
      readonly issuer = good.issuer
      readonly audience = good.audience
      get revocation() {
        return null
      }
    }
    const hidden = Object.defineProperty({ ...good }, 'clientId', { value: 'other', enumerable: false })
    const inherited = Object.assign(Object.create({ clientId: 'other' }), good)
    for (const options of [new Configuration(), hidden, inherited])
      expect(fault(options)).toContain('pass a plain object')
    expect(fault(Object.assign(Object.create(null), good))).toBe('accepted')
  })

  test('takes audience: null, which has to be written', () => {
    expect(fault({ ...good, audience: null })).toBe('accepted')
    expect(fault({ ...good, audience: undefined })).toContain('audience: null')
  })

  /** Option, fault and remedy, in the words of the verifier. */
  const said = (name: string): RegExp =>
    new RegExp(`^Cannot create the verifier: the option ${name} [^;]+; .+`)
  const cases: readonly [string, readonly unknown[]][] = [
    [
      'issuer',
      [
        '',
        'issuer',
        'https://issuer.example:99999',
        'http://issuer.example',
        'https://issuer.example?x',
        'https://a:b@issuer.example',
        null,
        1,
      ],
    ],
    ['audience', ['', [], [''], 1, new Array(1)]],
    ['revocation', [undefined, false, 0, 'none']],
    [
      'jwksUri',
      [
        '',
        '/jwks',
        'http://issuer.example/jwks',
        'http://localhost/jwks',
        'ftp://issuer.example',
        'https://a:b@x.example/',
        1,
      ],
    ],
    [
      'jwksOrigins',
      [
        'https://keys.example',
        ['https://keys.example/'],
        ['http://keys.example'],
        ['https://a@keys.example'],
        ['*'],
        [1],
        null,
      ],
    ],
    ['clientId', ['', 1, null]],
    ['authorizedParty', ['', 1, null]],
    ['required', ['roles', ['nonce'], [1], new Array(1), null]],
    ['declared', ['act', ['events'], [''], null]],
    ['claims', [{}, { '~standard': {} }, 'schema', null]],
    ['danger', [null, 'typ', 1]],
    ['jwks', ['{}', {}, { keys: 1 }, []]],
    ['algorithms', [[], ['none'], ['HS256'], ['ES256', 'HS256'], ['es256'], 'ES256', null]],
    ['skew', [-1, 61, Number.NaN, '5']],
    ['longestLifetime', [0, 3601, Number.POSITIVE_INFINITY]],
    ['maxAge', [0, Number.NaN]],
    ['longestStale', [-1, 86_401, Number.NaN]],
    ['timeout', [0, 31, Number.NaN]],
    ['dpop', [null, {}]],
    ['mtls', [null, {}]],
    ['introspection', [null, {}]],
    ['anchors', [null, {}]],
    ['cache', [null, {}]],
    ['clock', [null, {}, 1_800_000_000]],
    ['steadyClock', [null, {}]],
    ['fetch', [null, {}]],
    ['onEvent', [null, {}]],
    ['ignoreExpiration', [true]],
  ]
  for (const [name, values] of cases)
    for (const value of values)
      test(`refuses ${name} = ${String(JSON.stringify(value) ?? value)}, naming it`, () =>
        expect(fault({ ...good, [name]: value })).toMatch(said(name)))

  test('takes an https jwksUri, also of another origin: it is written by hand', () =>
    expect(fault({ ...good, jwksUri: 'https://keys.example/jwks' })).toBe('accepted'))
  for (const nothing of [undefined, null, 'https://issuer.example'])
    test(`refuses ${JSON.stringify(nothing)} for options`, () =>
      expect(() => createVerifier(nothing as never)).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      ))
  test('refuses a danger it does not know', () =>
    expect(fault({ ...good, danger: { allowSymmetricKeys: true } })).toContain('danger.allowSymmetricKeys'))
  for (const typ of [[], 'JWT', [''], [1], null])
    test(`refuses danger.typ = ${JSON.stringify(typ)}, naming it`, () =>
      expect(fault({ ...good, danger: { typ } })).toMatch(said('danger.typ')))
  test('refuses claims that are no Standard Schema', () =>
    expect(fault({ ...good, claims: (value: unknown) => value })).toContain('Standard Schema'))
  test('refuses jwksUri: null without keys', () =>
    expect(fault({ ...good, jwksUri: null })).toContain('jwks '))
  for (const issuer of ['http://localhost:3000', 'http://127.0.0.1:3000/x', 'http://[::1]:3000'])
    test(`takes http on the loopback host ${issuer}`, () =>
      expect(fault({ ...good, issuer })).toBe('accepted'))
})
