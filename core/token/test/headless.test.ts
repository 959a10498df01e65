import {
  configuredHeader,
  type JsonObject,
  KeySet,
  parseJsonObject,
  restoreHeader,
  Secret,
  stripHeader,
  verify,
} from '@jotwarden/token'
import { decryptClaims, encryptClaims, importSharedKey } from '@jotwarden/token/jwe'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemRandom } from './jwe/samples.ts'
import { bytesOf, codeOf, es256, everySample, keyPairSample, segment, signedToken } from './samples.ts'

const header = { alg: 'ES256', typ: 'JWT', kid: es256.kid }
const encrypted = { alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', kid: 'k' }
const shared = importSharedKey(Secret.fromBytes(bytesOf('headless', 32)), {
  alg: 'dir',
  encs: ['A256GCM'],
  kid: 'k',
})

describe('a signed token without its header', () => {
  test.each(everySample)(
    '$alg: restoreHeader gives exactly the token that stripHeader was given',
    (sample) => {
      const configured = configuredHeader({ alg: sample.alg, typ: 'JWT', kid: sample.kid })
      const token = signedToken(sample)
      const headless = stripHeader(token, configured)
      expect(headless.split('.')).toHaveLength(2)
      expect(token.endsWith(`.${headless}`)).toBe(true)
      expect(restoreHeader(headless, configured)).toBe(token)
      expect(verify(restoreHeader(headless, configured), sample.verifyKey).header.alg).toBe(sample.alg)
    },
  )

  test('where the header names no key, verify finds it among the few that there are', () => {
    const configured = configuredHeader({ alg: 'ES256', typ: 'JWT' })
    const other = keyPairSample('ES256', 'other')
    const token = signedToken(es256, { kid: undefined })
    const keys = KeySet.fromJwks({ keys: [other.publicJwk, es256.publicJwk] })
    expect(verify(restoreHeader(stripHeader(token, configured), configured), keys).key.kid).toBe(es256.kid)
  })

  test('the configured header may be the segment itself, however its JSON is spelled', () => {
    const odd = segment(`{ "typ": "JWT",\n"alg": "ES256" }`)
    const configured = configuredHeader(odd)
    expect(restoreHeader(stripHeader(`${odd}.AAAA.BBBB`, configured), configured)).toBe(`${odd}.AAAA.BBBB`)
  })

  test.each<[string, JsonObject]>([
    ['another order', { typ: 'JWT', alg: 'ES256', kid: es256.kid }],
    ['another kid', { ...header, kid: 'other' }],
    ['one member more', { ...header, x: 1 }],
    ['one member fewer', { alg: 'ES256', typ: 'JWT' }],
    ['another alg', { ...header, alg: 'HS256' }],
  ])('stripHeader refuses %s', (_title, other) => {
    expect(codeOf(() => stripHeader(signedToken(es256), configuredHeader(other)))).toBe('headless/header')
  })

  test('stripHeader refuses a header that only begins as the configured one', () => {
    const configured = configuredHeader(header)
    expect(codeOf(() => stripHeader(`${segment(JSON.stringify(header))}AAAA.AAAA.BBBB`, configured))).toBe(
      'headless/header',
    )
  })

  test.each([
    ['a token that still has its header', signedToken(es256)],
    ['a JWE', 'AAAA..AAAA.AAAA.AAAA'],
    ['one part', 'AAAA'],
    ['nothing', ''],
    ['an empty signature', 'AAAA.'],
    ['an empty payload', '.AAAA'],
    ['padding', 'AAAA.AA=='],
    ['a line break', 'AAAA.AAAA\n'],
    ['a quote', 'AA"A.AAAA'],
    ['what is too long', `AAAA.${'A'.repeat(65_536)}`],
    ['no text', undefined as never],
  ])('restoreHeader refuses %s', (_title, headless) => {
    expect(codeOf(() => restoreHeader(headless, configuredHeader(header)))).toBe('headless/malformed')
  })

  test('nothing that a sender writes changes the header', () => {
    const configured = configuredHeader(header)
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'Ab9-_.{}"') }), (text) => {
        try {
          const [first = ''] = restoreHeader(text, configured).split('.')
          expect(parseJsonObject(Buffer.from(first, 'base64url'))).toEqual(header)
        } catch (error) {
          expect(error).toMatchObject({ code: 'headless/malformed' })
        }
      }),
    )
  })
})

describe('an encrypted token without its header', () => {
  test('restoreHeader gives exactly the token that stripHeader was given, and it decrypts', async () => {
    const configured = configuredHeader(encrypted)
    const jwt = { typ: 'at+jwt', claims: { sub: 'somebody' } }
    const token = await encryptClaims(jwt, shared.encrypt, systemRandom)
    const headless = stripHeader(token, configured)
    expect(headless.split('.')).toHaveLength(4)
    expect(headless).not.toContain('eyJ')
    expect(restoreHeader(headless, configured)).toBe(token)
    const restored = await decryptClaims(restoreHeader(headless, configured), shared.decrypt)
    expect(restored.claims).toEqual(jwt.claims)
  })

  test.each([
    ['a token that still has its header', 'AAAA..AAAA.AAAA.AAAA'],
    ['a headless JWS', 'AAAA.AAAA'],
    ['an empty vector', '...AAAA'],
    ['an empty tag', '.AAAA.AAAA.'],
  ])('restoreHeader refuses %s', (_title, headless) => {
    expect(codeOf(() => restoreHeader(headless, configuredHeader(encrypted)))).toBe('headless/malformed')
  })
})

describe('configuredHeader', () => {
  test.each<[string, JsonObject | string]>([
    ['no alg', {}],
    ['a crit', { alg: 'ES256', crit: ['x'] }],
    ['b64', { alg: 'ES256', b64: false }],
    ['a numeric kid', { alg: 'ES256', kid: 1 }],
    ['an enc that is no text', { alg: 'dir', enc: 1 }],
    ['a member twice', segment('{"alg":"ES256","alg":"ES256"}')],
    ['padding', 'e30='],
    ['two segments', 'e30.e30'],
  ])('refuses %s', (_title, odd) => {
    expect(codeOf(() => configuredHeader(odd))).toBe('headless/header')
  })

  test('an object that only looks like one is refused', () => {
    expect(() => restoreHeader('AAAA.AAAA', { form: 'jws' } as never)).toThrow(TypeError)
  })
})
