import { challenge, challengeResponse, VerifierError } from '@jotwarden/verifier'
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

test('challenge() throws on what is no refusal', () => {
  const mistake = new TypeError('x is undefined')
  expect(() => challenge(mistake)).toThrow(mistake)
  const setup = new VerifierError('verifier/options', because)
  expect(() => challenge(setup)).toThrow(setup)
})
