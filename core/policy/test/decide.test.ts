import { type DenyReason, decide, PolicyError, type Profile } from '@jotwarden/policy'
import type { JsonObject, JsonValue } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { api, client, issuer, now, profileOf, samples, verified } from './tokens.ts'

const good = samples.access
const profile = profileOf('access')
const runs = process.env.SLOW ? 2000 : 150

// `verify` already refuses the name, so that no such claims come this far
function withoutProto<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return arbitrary.filter((value) => !JSON.stringify(value).includes('__proto__'))
}

async function verdict(
  claims: JsonObject,
  at = now,
  under: Profile = profile,
  typ = 'at+jwt',
): Promise<true | DenyReason> {
  const decision = decide(await verified(typ, claims), under, at)
  return decision.allow || decision.reason
}

describe('decide() time, with exp = now + 600 and a skew of 30', () => {
  const cases: readonly [string, JsonObject, number, true | DenyReason][] = [
    ['accepts at iat', {}, now, true],
    ['accepts a second before exp', {}, now + 599, true],
    ['accepts at exp + skew - 1', {}, now + 629, true],
    ['refuses at exp + skew', {}, now + 630, 'expired'],
    ['refuses at exp + skew + 1', {}, now + 631, 'expired'],
    ['accepts an iat that is skew - 1 ahead', {}, now - 29, true],
    ['accepts an iat that is exactly skew ahead', {}, now - 30, true],
    ['refuses an iat that is skew + 1 ahead', {}, now - 31, 'issued-in-future'],
    ['accepts an nbf that is skew ahead', { nbf: now + 30 }, now, true],
    ['refuses an nbf that is skew + 1 ahead', { nbf: now + 31 }, now, 'not-yet-valid'],
    ['accepts the longest lifetime', { exp: now + 3600 }, now, true],
    ['refuses a second more than the longest lifetime', { exp: now + 3601 }, now, 'lifetime-too-long'],
    ['refuses an exp in milliseconds', { exp: (now + 600) * 1000 }, now, 'lifetime-too-long'],
    ['refuses a sign-in that is skew + 1 ahead', { auth_time: now + 31 }, now, 'authenticated-in-future'],
    ['accepts a sign-in that is skew ahead', { auth_time: now + 30 }, now, true],
    ['refuses an end at its own beginning', { exp: now }, now, 'ends-before-start'],
    ['refuses an end before its beginning', { exp: now - 1 }, now, 'ends-before-start'],
    ['refuses an end at its nbf', { nbf: now + 10, exp: now + 10 }, now, 'ends-before-start'],
    ['accepts a second of life', { exp: now + 1 }, now, true],
    ['refuses an iat in milliseconds', { iat: now * 1000, exp: now * 1000 + 600 }, now, 'issued-in-future'],
    ['accepts fractions', { iat: now - 0.5, exp: now + 0.5 }, now, true],
  ]
  for (const [name, over, at, expected] of cases)
    test(name, async () => expect(await verdict({ ...good, ...over }, at)).toBe(expected))

  test('maxAge refuses a token that is old though not expired', async () => {
    const young = profileOf('access', { maxAge: 60 })
    expect(await verdict(good, now + 89, young)).toBe(true)
    expect(await verdict(good, now + 90, young)).toBe('too-old')
  })

  test('a skew of 0 is exact', async () => {
    const exact = profileOf('access', { skew: 0 })
    expect(await verdict(good, now + 599, exact)).toBe(true)
    expect(await verdict(good, now + 600, exact)).toBe('expired')
    expect(await verdict(good, now - 1, exact)).toBe('issued-in-future')
  })

  test('longestLifetime may be lower than the kind allows', async () => {
    expect(await verdict(good, now, profileOf('access', { longestLifetime: 599 }))).toBe('lifetime-too-long')
  })

  test('a kind without exp ends its longest lifetime after iat', async () => {
    const proof = profileOf('dpop-proof')
    expect(await verdict(samples['dpop-proof'], now + 89, proof, 'dpop+jwt')).toBe(true)
    expect(await verdict(samples['dpop-proof'], now + 90, proof, 'dpop+jwt')).toBe('expired')
  })

  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, -1])
    test(`throws policy/now when the time is ${at}`, async () => {
      const token = await verified('at+jwt', good)
      expect(() => decide(token, profile, at)).toThrow(PolicyError)
      expect(() => decide(token, profile, at)).toThrow(expect.objectContaining({ code: 'policy/now' }))
    })

  test('allows exactly between iat - skew and exp + skew, for any dates', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -5000, max: 5000 }),
        fc.integer({ min: -5000, max: 5000 }),
        fc.option(fc.integer({ min: -5000, max: 5000 }), { nil: undefined }),
        fc.integer({ min: 0, max: 60 }),
        async (iat, exp, nbf, skew) => {
          const claims = {
            ...good,
            iat: now + iat,
            exp: now + exp,
            ...(nbf === undefined ? {} : { nbf: now + nbf }),
          }
          const begun = iat <= skew && (nbf === undefined || nbf <= skew)
          const span = exp > Math.max(iat, nbf ?? iat) && exp - iat <= 3600
          const inTime = begun && -skew < exp && span
          expect((await verdict(claims, now, profileOf('access', { skew }))) === true).toBe(inTime)
        },
      ),
      { numRuns: runs },
    )
  })
})

describe('decide() refuses claims of a wrong type, which it never takes for absent', () => {
  const wrong: readonly [string, readonly JsonValue[]][] = [
    ['exp', ['9999', null, true, [now], {}, -1, 2 ** 53, 1e308]],
    ['nbf', ['9999', null, false, [now], {}, -1, 2 ** 53]],
    ['iat', ['0', null, true, [now], {}, -1, 2 ** 53]],
    ['iss', [['https://evil.example', issuer], 1, null, '', {}]],
    ['aud', [[], '', [1], [api, ''], [[api]], 1, null, true, { 0: api }]],
    ['sub', ['', 1, null, ['user-1']]],
    ['jti', ['', 1, null, ['j']]],
    ['client_id', ['', 1, null, [client]]],
    ['scope', ['', ' ', 'a  b', ' a', 'a ', 'a"b', 'a\\b', 'ä', 'a\nb', ['a'], 1, null]],
    ['sid', ['', 1, null]],
    ['auth_time', ['1', null, -1]],
    ['acr', [1, null, '']],
    ['amr', ['pwd', [1], null, { 0: 'pwd' }]],
    ['rev', [-1, 0.5, '1', null]],
    [
      'cnf',
      [
        null,
        'x',
        [],
        { jkt: 1 },
        { jkt: 'short' },
        { 'x5t#S256': null },
        { jkt: 'A'.repeat(43), 'x5t#S256': '' },
      ],
    ],
    ['azp', [1, null, '', [client]]],
    ['act', [1, null, 'admin', [], {}]],
    ['login', ['', 1, null]],
    ['nbf', ['', [], 2 ** 53 + 2, 1e308]],
    ['sub', [{}, [], true, { toString: 'user-1' }]],
    ['jti', [{}, [], true, 0]],
    ['aud', [{}, [null], [api, null], [api, 1], [api, [api]], [api, {}], false]],
    ['iss', [[], [issuer], true, { 0: issuer }]],
    ['amr', [['pwd', ''], [['pwd']]]],
  ]
  for (const [name, values] of wrong)
    for (const value of values)
      test(`${name} = ${JSON.stringify(value)}`, async () =>
        expect(await verdict({ ...good, [name]: value })).toBe('malformed-claim'))

  test('never allows, and never throws, whatever one registered claim is replaced by', async () => {
    const names = fc.constantFrom('iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id')
    await fc.assert(
      fc.asyncProperty(names, withoutProto(fc.jsonValue({ maxDepth: 2 })), async (name, value) => {
        const outcome = await verdict({ ...good, [name]: value as JsonValue })
        const free = ['sub', 'jti', 'client_id'].includes(name) && typeof value === 'string' && value !== ''
        expect(outcome === true).toBe(free)
      }),
      { numRuns: runs },
    )
  })

  test('never allows a token of arbitrary claims', async () => {
    await fc.assert(
      fc.asyncProperty(
        withoutProto(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }))),
        async (claims) => {
          expect(await verdict(claims as JsonObject)).not.toBe(true)
        },
      ),
      { numRuns: runs },
    )
  })
})

describe('decide() issuer and audience, code point by code point', () => {
  const issuers = [
    `${issuer}/`,
    'https://ISSUER.example',
    'https://issuer.example.evil',
    'https://issuer.exampl',
    `${issuer} `,
  ]
  for (const iss of issuers)
    test(`refuses the issuer ${JSON.stringify(iss)}`, async () =>
      expect(await verdict({ ...good, iss })).toBe('wrong-issuer'))

  const audiences = [
    'https://api',
    `${api}/`,
    'https://API.example',
    `${api}.evil`,
    ['https://other.example'],
    [`${api} ${api}`],
  ]
  for (const aud of audiences)
    test(`refuses the audience ${JSON.stringify(aud)}`, async () =>
      expect(await verdict({ ...good, aud })).toBe('wrong-audience'))

  test('accepts an audience among others, and one of several own names', async () => {
    expect(await verdict({ ...good, aud: ['https://other.example', api] })).toBe(true)
    expect(await verdict(good, now, profileOf('access', { audience: ['https://new.example', api] }))).toBe(
      true,
    )
  })

  test('audience: null leaves the check out, but not the claim', async () => {
    const anyone = profileOf('access', { audience: null })
    expect(await verdict({ ...good, aud: 'https://other.example' }, now, anyone)).toBe(true)
    const { aud: _left, ...rest } = good
    expect(await verdict(rest, now, anyone)).toBe('missing-claim')
  })
})

describe('decide() typ', () => {
  for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+JWT'])
    test(`takes ${typ} for an access token`, async () =>
      expect(await verdict(good, now, profile, typ)).toBe(true))
  for (const typ of ['JWT', 'jwt', 'at', 'at+jwt ', 'x/at+jwt', 'application/application/at+jwt', 'dpop+jwt'])
    test(`does not take ${JSON.stringify(typ)} for an access token`, async () =>
      expect(await verdict(good, now, profile, typ)).toBe('wrong-typ'))
})

describe('decide() typ of another issuer, under danger', () => {
  const of = (...typ: (string | null)[]): Profile => profileOf('access', { danger: { typ } })

  test('takes those that are named, in every spelling, and no longer the one of the kind', async () => {
    for (const typ of ['JWT', 'jwt', 'application/jwt', 'x+jwt'])
      expect(await verdict(good, now, of('JWT', 'X+jwt'), typ)).toBe(true)
    expect(await verdict(good, now, of('JWT'), 'at+jwt')).toBe('wrong-typ')
    expect(await verdict(good, now, of('JWT', 'at+jwt'), 'at+jwt')).toBe(true)
  })
  test('takes a header without typ where null is among them, and nowhere else', async () => {
    const untyped = await verified(undefined, good)
    expect(decide(untyped, of(null), now).allow).toBe(true)
    for (const under of [of('JWT'), profile, of('null'), of('undefined')])
      expect(decide(untyped, under, now)).toEqual({ allow: false, reason: 'wrong-typ' })
    expect(await verdict(good, now, of(null), 'JWT')).toBe('wrong-typ')
  })
  test('leaves it to the claims to keep the kinds apart', async () => {
    const lax = of('JWT', null)
    expect(await verdict(samples.id, now, lax, 'JWT')).toBe('missing-claim')
    expect(await verdict({ ...good, nonce: 'n' }, now, lax, 'JWT')).toBe('forbidden-claim')
  })
})

describe('decide() rules of single kinds', () => {
  const idVerdict = (over: JsonObject, nonce: string | null = null): Promise<true | DenyReason> =>
    verdict({ ...samples.id, ...over }, now, profileOf('id', { nonce }), 'JWT')

  test('an ID token needs the nonce that was sent', async () => {
    expect(await idVerdict({}, 'n1')).toBe(true)
    expect(await idVerdict({}, 'n2')).toBe('wrong-nonce')
  })
  test('an ID token names nobody else as audience or authorized party', async () => {
    expect(await idVerdict({ aud: [client] })).toBe(true)
    expect(await idVerdict({ aud: [client, 'other'] })).toBe('several-audiences')
    expect(await idVerdict({ azp: 'other' })).toBe('wrong-authorized-party')
  })
  test('a client assertion is issued by its own subject', async () => {
    const claims = { ...samples['client-assertion'], sub: 'other' }
    expect(await verdict(claims, now, profileOf('client-assertion'), 'client-authentication+jwt')).toBe(
      'claims-differ',
    )
  })
  test('a client assertion is for the authority alone', async () => {
    const claims = { ...samples['client-assertion'], aud: [issuer, 'https://evil.example'] }
    expect(await verdict(claims, now, profileOf('client-assertion'), 'client-authentication+jwt')).toBe(
      'several-audiences',
    )
  })
  test('a logout token holds the logout event, and a subject or session', async () => {
    const other = { ...samples.logout, events: { 'https://example.com/other': {} } }
    expect(await verdict(other, now, profileOf('logout'), 'logout+jwt')).toBe('wrong-event')
    const { sub: _sub, sid: _sid, ...nobody } = samples.logout
    expect(await verdict(nobody, now, profileOf('logout'), 'logout+jwt')).toBe('missing-claim')
  })
  test('an ID token does not speak of its issuer, or to it', async () => {
    const own = profileOf('id', { nonce: null, audience: issuer })
    expect(await verdict({ ...samples.id, aud: issuer, azp: issuer }, now, own, 'JWT')).toBe(
      'claims-coincide',
    )
    expect(await idVerdict({ sub: issuer })).toBe('claims-coincide')
  })
  test('an event is an object, and there is at least one (RFC 8417 §2.2)', async () => {
    const name = 'http://schemas.openid.net/event/backchannel-logout'
    for (const events of [{}, [], name, { [name]: null }, { [name]: 'x' }, { [name]: [] }])
      expect(await verdict({ ...samples.logout, events }, now, profileOf('logout'), 'logout+jwt')).toBe(
        'malformed-claim',
      )
  })
  test('two names that must be the same are one text each', async () => {
    const local = profileOf('local-session')
    const claims = { ...samples['local-session'], aud: [issuer] }
    expect(await verdict(claims, now, local, 'local-session+jwt')).toBe(true)
    const other = profileOf('local-session', { audience: null })
    expect(await verdict({ ...claims, aud: api }, now, other, 'local-session+jwt')).toBe('claims-differ')
  })
  test('azp of an access token is its client', async () => {
    expect(await verdict({ ...good, azp: client })).toBe(true)
    expect(await verdict({ ...good, azp: 'other' })).toBe('wrong-authorized-party')
    expect(await verdict({ ...good, azp: api })).toBe('wrong-authorized-party')
  })
  test('authorizedParty is what azp must be, and azp must be there', async () => {
    const narrow = profileOf('access', { authorizedParty: client })
    expect(await verdict({ ...good, azp: client }, now, narrow)).toBe(true)
    expect(await verdict(good, now, narrow)).toBe('wrong-authorized-party')
    const { azp: _, ...without } = samples.id
    const party = profileOf('id', { nonce: null, authorizedParty: client })
    expect(await verdict(samples.id, now, party, 'JWT')).toBe(true)
    expect(await verdict(without, now, party, 'JWT')).toBe('wrong-authorized-party')
    const listed = profileOf('status-list', { authorizedParty: client })
    const list = { ...samples['status-list'], azp: client }
    expect(await verdict(list, now, listed, 'statuslist+jwt')).toBe(true)
    expect(await verdict({ ...list, azp: 'other' }, now, listed, 'statuslist+jwt')).toBe(
      'wrong-authorized-party',
    )
  })
  test('subject narrows to one subject', async () => {
    const list = profileOf('status-list', { subject: `${issuer}/lists/1` })
    expect(await verdict(samples['status-list'], now, list, 'statuslist+jwt')).toBe(true)
    const other = { ...samples['status-list'], sub: `${issuer}/lists/2` }
    expect(await verdict(other, now, list, 'statuslist+jwt')).toBe('wrong-subject')
  })
  test('required adds claims that must be there, whatever they say', async () => {
    const strict = profileOf('access', { required: ['tenant', 'sub'] })
    expect(await verdict({ ...good, tenant: null }, now, strict)).toBe(true)
    expect(await verdict(good, now, strict)).toBe('missing-claim')
  })
  test('clientId narrows to one client', async () => {
    expect(await verdict(good, now, profileOf('access', { clientId: client }))).toBe(true)
    expect(await verdict(good, now, profileOf('access', { clientId: 'other' }))).toBe('wrong-client')
  })
  test('a confirmation of unknown members alone is refused, one that is known is not', async () => {
    expect(await verdict({ ...good, cnf: { kid: 'x' } })).toBe('unknown-confirmation')
    expect(await verdict({ ...good, cnf: {} })).toBe('unknown-confirmation')
    expect(await verdict({ ...good, cnf: { jkt: 'A'.repeat(43) } })).toBe(true)
    expect(await verdict({ ...good, cnf: { 'x5t#S256': 'A'.repeat(43), other: 1 } })).toBe(true)
  })
})

test('decide() gives the claims in its allowing branch alone', async () => {
  const token = await verified('at+jwt', good)
  expect(decide(token, profile, now)).toEqual({ allow: true, claims: token.claims })
  expect(decide(token, profile, now + 9999)).toEqual({ allow: false, reason: 'expired' })
})
