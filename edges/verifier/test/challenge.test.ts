import { challenge, challengeResponse, VerifierError } from '@jotwarden/verifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const scopes = ['read', 'write']
const because = 'Cannot accept the token: internal detail'

describe('challenge() answers as RFC 6750 §3', () => {
  const cases: readonly [string, VerifierError, object, number, string | undefined][] = [
    ['nothing sent: no error code', new VerifierError('verifier/no-credentials', because), {}, 401, 'Bearer'],
    [
      'another scheme: no error code',
      new VerifierError('verifier/unsupported-scheme', because),
      {},
      401,
      'Bearer',
    ],
    [
      'nothing sent, on a route with scopes and a realm',
      new VerifierError('verifier/no-credentials', because),
      { realm: 'orders', scopes },
      401,
      'Bearer realm="orders", scope="read write"',
    ],
    [
      'a bad token, the same words for every reason',
      new VerifierError('verifier/invalid-token', because, { reason: 'expired' }),
      {},
      401,
      'Bearer error="invalid_token", error_description="The access token is expired, revoked or not valid here"',
    ],
    [
      'too little granted: the scopes that were asked',
      new VerifierError('verifier/insufficient-scope', because, { scopes }),
      {},
      403,
      'Bearer error="insufficient_scope", error_description="The access token grants too little", scope="read write"',
    ],
    [
      'a malformed request',
      new VerifierError('verifier/invalid-request', because, { reason: 'token-in-query' }),
      { scopes },
      400,
      'Bearer error="invalid_request", error_description="Send one access token, in one Authorization header"',
    ],
    [
      'keys out of reach',
      new VerifierError('verifier/keys-unavailable', because, { retryAfter: 7 }),
      {},
      503,
      undefined,
    ],
  ]
  for (const [name, error, options, status, header] of cases)
    test(name, () => {
      const response = challengeResponse(error, options)
      expect(response.status).toBe(status)
      expect(response.headers.get('www-authenticate') ?? undefined).toBe(header)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('retry-after')).toBe(status === 503 ? '7' : null)
      expect([...response.headers].flat().join()).not.toContain('internal detail')
    })
})

const dpopAndBearer = { schemes: ['DPoP', 'Bearer'], algs: ['ES256', 'Ed25519'] } as const

describe('challenge() lists each scheme that a verifier takes', () => {
  const header = (error: VerifierError, options: object): string =>
    challenge(error, { ...dpopAndBearer, ...options }).headers['www-authenticate'] ?? ''

  test('with the algorithms of proofs, without an error code, when nothing was sent', () =>
    expect(header(new VerifierError('verifier/no-credentials', because), { scopes })).toBe(
      'DPoP scope="read write", algs="ES256 Ed25519", Bearer scope="read write"',
    ))

  test('and tells the error under the scheme that was used (RFC 9449 §7.1)', () => {
    const error = new VerifierError('verifier/invalid-token', because)
    expect(header(error, { used: 'DPoP' })).toMatch(/^DPoP error="invalid_token".*, algs="[^"]*", Bearer$/)
    expect(header(error, { used: 'Bearer' })).toMatch(/^DPoP algs="[^"]*", Bearer error="invalid_token"/)
    expect(header(error, {}).match(/error="invalid_token"/g)).toHaveLength(2)
  })

  test('and a fault of the proof under DPoP alone', () => {
    const error = new VerifierError('verifier/invalid-dpop-proof', because)
    expect(header(error, { used: 'Bearer' })).toMatch(/^DPoP error="invalid_dpop_proof".*, Bearer$/)
  })

  test('and hands over the nonce that the next proof has to carry (RFC 9449 §9)', () => {
    const error = new VerifierError('verifier/use-dpop-nonce', because, { nonce: 'eyJ7S_zG.eyJH0-Z' })
    const { status, headers } = challenge(error, dpopAndBearer)
    expect([status, headers['dpop-nonce']]).toEqual([401, 'eyJ7S_zG.eyJH0-Z'])
    expect(headers['www-authenticate']).toMatch(/^DPoP error="use_dpop_nonce"/)
    for (const nonce of ['', 'a b', 'a"b', 'a\r\nb'])
      expect(() =>
        challenge(new VerifierError('verifier/use-dpop-nonce', because, { nonce }), dpopAndBearer),
      ).toThrow(expect.objectContaining({ code: 'verifier/options' }))
  })
})

describe('challenge() asks for another sign-in as RFC 9470 §3', () => {
  const asked = { acrValues: ['urn:gold', 'urn:silver'], maxAge: 300 }

  test('with what the error names', () => {
    const error = new VerifierError('verifier/insufficient-authentication', because, asked)
    const { status, headers } = challenge(error, { acrValues: ['other'], maxAge: 1 })
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A stronger or more recent authentication is required", acr_values="urn:gold urn:silver", max_age="300"',
    )
  })

  test('with what the route names, where the error names nothing', () => {
    const error = new VerifierError('verifier/insufficient-authentication', because)
    expect(challenge(error, asked).headers['www-authenticate']).toContain(
      'acr_values="urn:gold urn:silver", max_age="300"',
    )
  })

  test('and with that error alone', () => {
    const error = new VerifierError('verifier/invalid-token', because)
    expect(challenge(error, asked).headers['www-authenticate']).not.toMatch(/acr_values|max_age/)
  })

  for (const bad of [{ acrValues: ['a b'] }, { acrValues: [''] }, { maxAge: -1 }, { maxAge: 1.5 }])
    test(`throws verifier/options for ${JSON.stringify(bad)}`, () =>
      expect(() =>
        challenge(new VerifierError('verifier/insufficient-authentication', because), bad),
      ).toThrow(expect.objectContaining({ code: 'verifier/options' })))
})

describe('challenge() names the metadata of the resource (RFC 9728 §5.1)', () => {
  const resourceMetadata = 'https://api.example/.well-known/oauth-protected-resource/orders'

  for (const code of [
    'verifier/no-credentials',
    'verifier/invalid-token',
    'verifier/insufficient-scope',
  ] as const)
    test(`with ${code}`, () =>
      expect(
        challenge(new VerifierError(code, because), { resourceMetadata }).headers['www-authenticate'],
      ).toMatch(new RegExp(`resource_metadata="${resourceMetadata}"$`)))

  for (const url of ['/relative', 'javascript:1', 'https://a"b', 'https://a/\r\nx', 'https://'])
    test(`throws verifier/options for ${JSON.stringify(url)}`, () =>
      expect(() =>
        challenge(new VerifierError('verifier/no-credentials', because), { resourceMetadata: url }),
      ).toThrow(expect.objectContaining({ code: 'verifier/options' })))
})

describe('challenge() writes nothing but quoted-strings', () => {
  const error = new VerifierError('verifier/no-credentials', because)

  test('escapes quotes and backslashes in a realm', () => {
    expect(challenge(error, { realm: 'a"b\\c' }).headers['www-authenticate']).toBe(
      'Bearer realm="a\\"b\\\\c"',
    )
  })
  for (const realm of ['a\r\nset-cookie: x=y', 'ä', '\0'])
    test(`throws verifier/options for the realm ${JSON.stringify(realm)}`, () =>
      expect(() => challenge(error, { realm })).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      ))
  for (const scope of ['', 'a"', 'a\r\nb', 'a  b'])
    test(`throws verifier/options for the scope ${JSON.stringify(scope)}`, () =>
      expect(() => challenge(error, { scopes: [scope] })).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      ))
})

test('challenge() lets no option write a parameter of its own, whatever it holds', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', '\\', ',', ' ', '=', 'a', '\n') }),
  )
  let written = 0
  fc.assert(
    fc.property(text, text, text, text, (realm, scope, acr, url) => {
      const error = new VerifierError('verifier/insufficient-authentication', because, { acrValues: [acr] })
      const resourceMetadata = `https://api.example/${url}`
      let header: string
      try {
        header =
          challenge(error, { realm, scopes: [scope], resourceMetadata }).headers['www-authenticate'] ?? ''
      } catch (refused) {
        expect(refused).toMatchObject({ code: 'verifier/options' })
        return
      }
      written += 1
      // RFC 9110 §11.6.1: nothing but auth-params, each a quoted-string
      const parameter = /(\w+)="((?:[^"\\]|\\.)*)"(?:, |$)/y
      const rest = header.slice('Bearer '.length)
      const found: [string, string][] = []
      while (parameter.lastIndex < rest.length) {
        const [, name = '', value = ''] = parameter.exec(rest) ?? []
        found.push([name, value.replaceAll(/\\(.)/g, '$1')])
        if (name === '') break
      }
      expect(found).toEqual([
        ['realm', realm],
        ['error', 'insufficient_user_authentication'],
        ['error_description', 'A stronger or more recent authentication is required'],
        ['scope', scope],
        ['acr_values', acr],
        ['resource_metadata', resourceMetadata],
      ])
    }),
    { numRuns: 1000 },
  )
  expect(written).toBeGreaterThan(20)
})

test('challenge() throws on what is no refusal', () => {
  const mistake = new TypeError('x is undefined')
  expect(() => challenge(mistake)).toThrow(mistake)
  const setup = new VerifierError('verifier/options', because)
  expect(() => challenge(setup)).toThrow(setup)
})
