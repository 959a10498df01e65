import {
  accessKind,
  claimTable,
  decide,
  defineDemands,
  defineProfile,
  type TokenKind,
  tokenKinds,
  validityOf,
} from '@jotwarden/policy'
import type { JsonObject, JsonValue, VerifiedToken } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { api, issuer, now, profileOf, samples } from './tokens.ts'

const kinds = Object.keys(tokenKinds).filter((name): name is TokenKind => Object.hasOwn(tokenKinds, name))
const runs = process.env.SLOW ? 20_000 : 1000

// As `verify` would give it. A signature for each of thousands of tokens would show nothing more
function token(claims: unknown, typ?: string): VerifiedToken {
  return { typ, claims } as VerifiedToken
}

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>
const claimNames = fc.oneof(fc.constantFrom(...claimTable.keys()), fc.string({ maxLength: 8 }))
const numbers = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 53 + 2, now, now * 1000),
  fc.double({ noNaN: true }),
)

describe('decide() is total', () => {
  test('answers for any claims, of any kind and under any typ, and throws for none', () => {
    const anyClaims = fc.dictionary(claimNames, fc.oneof(json, numbers))
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom(...kinds),
        anyClaims,
        fc.boolean(),
        numbers,
        (kind, base, claims, forged, time) => {
          const at = Math.min(Math.max(time, 0), Number.MAX_SAFE_INTEGER)
          const typ = forged ? tokenKinds[kind].typ : tokenKinds[base].typ
          const decision = decide(token({ ...samples[base], ...claims }, typ), profileOf(kind), at)
          expect(typeof decision.allow).toBe('boolean')
        },
      ),
      { numRuns: runs },
    )
  })

  test('answers for claims that inherit nothing', () => {
    const claims = Object.assign(Object.create(null), samples.access)
    expect(decide(token(claims, 'at+jwt'), profileOf('access'), now).allow).toBe(true)
    expect(decide(token(Object.create(null), 'at+jwt'), profileOf('access'), now).allow).toBe(false)
  })

  test('takes no claim that is only inherited for one that is there', () => {
    for (const name of accessKind.required) {
      const { [name]: inherited, ...own } = samples.access
      const claims = Object.assign(Object.create({ [name]: inherited }), own)
      expect(decide(token(claims, 'at+jwt'), profileOf('access'), now)).toEqual({
        allow: false,
        reason: 'missing-claim',
      })
    }
  })
})

describe('decide() never takes a wrong type for an absence', () => {
  for (const kind of kinds)
    test(`of any claim of kind ${kind} that has a type`, () => {
      const { typ, forbidden } = tokenKinds[kind]
      const typed = [...claimTable].filter(([name]) => !forbidden.includes(name))
      fc.assert(
        fc.property(fc.constantFrom(...typed), json, ([name, entry], value) => {
          if (entry.shape(value)) return
          const declared = entry.restricts ? [name] : []
          const claims = { ...samples[kind], [name]: value }
          expect(decide(token(claims, typ), profileOf(kind, { declared }), now)).toEqual({
            allow: false,
            reason: 'malformed-claim',
          })
        }),
        { numRuns: runs / 4 },
      )
    })

  // Each name stands for a shape of the strictness list
  const dates: readonly JsonValue[] = ['1800000000', '', null, true, false, [now], [], {}, -1, -0.5]
  const huge: readonly number[] = [2 ** 53, 2 ** 53 + 2, 1e308, Number.MAX_VALUE, -1e308]
  for (const name of ['exp', 'nbf', 'iat', 'auth_time', 'toe'])
    for (const value of [...dates, ...huge])
      test(`${name} = ${JSON.stringify(value)}`, () =>
        expect(
          decide(token({ ...samples.access, [name]: value }, 'at+jwt'), profileOf('access'), now),
        ).toEqual({ allow: false, reason: 'malformed-claim' }))

  test('a date of NaN or beyond all numbers, which JSON cannot say, is none either', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      for (const name of ['exp', 'nbf', 'iat'])
        expect(
          decide(token({ ...samples.access, [name]: value }, 'at+jwt'), profileOf('access'), now),
        ).toEqual({ allow: false, reason: 'malformed-claim' })
  })
})

describe('decide() at the boundaries of time', () => {
  const options = fc.record({
    skew: fc.integer({ min: 0, max: 60 }),
    longestLifetime: fc.integer({ min: 1, max: 3600 }),
    maxAge: fc.option(fc.integer({ min: 1, max: 4000 }), { nil: undefined }),
    signInAge: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: undefined }),
  })
  const offset = fc.integer({ min: -4000, max: 4000 })

  test('validityOf() says between which times, to the second, it allows a token that it allows at all', () => {
    fc.assert(
      fc.property(
        options,
        offset,
        offset,
        fc.option(offset, { nil: undefined }),
        fc.option(offset, { nil: undefined }),
        ({ skew, longestLifetime, maxAge, signInAge }, iat, exp, nbf, auth) => {
          const profile = defineProfile({
            kind: accessKind,
            issuer,
            audience: api,
            skew,
            longestLifetime,
            ...(maxAge === undefined ? {} : { maxAge }),
            ...(signInAge === undefined ? {} : { demands: defineDemands({ maxAge: signInAge }) }),
          })
          const { auth_time: _, ...rest } = samples.access
          const claims = {
            ...rest,
            iat: now + iat,
            exp: now + exp,
            ...(nbf === undefined ? {} : { nbf: now + nbf }),
            ...(auth === undefined ? {} : { auth_time: now + auth }),
          }
          const allows = (at: number): boolean => decide(token(claims, 'at+jwt'), profile, at).allow
          const { from, until } = validityOf(claims, profile)
          const edges = [from - 1, from, from + 1, until - 1, until, until + 1].filter((at) => at >= 0)
          const ever = edges.some(allows)
          for (const at of edges) expect(allows(at)).toBe(ever && at >= from && at < until)
        },
      ),
      { numRuns: runs },
    )
  })

  test('validityOf() does so for every kind', () => {
    for (const kind of kinds) {
      const profile = profileOf(kind)
      const { from, until } = validityOf(samples[kind] as JsonObject, profile)
      const allows = (at: number): boolean =>
        decide(token(samples[kind], tokenKinds[kind].typ), profile, at).allow
      expect([from - 1, from, until - 1, until].map(allows)).toEqual([false, true, true, false])
    }
  })

  test('a request object that does not say when it began has its longest lifetime from now', () => {
    const { iat: _iat, nbf: _nbf, ...rest } = samples['request-object']
    const claims = { ...rest, exp: now + 3600 }
    const profile = profileOf('request-object')
    const { from, until } = validityOf(claims, profile)
    const allows = (at: number): boolean => decide(token(claims, profile.rule.typ), profile, at).allow
    expect([from, until]).toEqual([now, now + 3630])
    expect([from - 1, from, until - 1, until].map(allows)).toEqual([false, true, true, false])
  })

  test('maxAge refuses a token that does not say when it was issued', () => {
    const { iat: _iat, nbf: _nbf, ...claims } = samples['request-object']
    const aged = profileOf('request-object', { maxAge: 60 })
    expect(decide(token(claims, aged.rule.typ), profileOf('request-object'), now).allow).toBe(true)
    expect(decide(token(claims, aged.rule.typ), aged, now)).toEqual({ allow: false, reason: 'missing-claim' })
  })
})
