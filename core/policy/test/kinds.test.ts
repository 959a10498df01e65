import { decide, type TokenKind, tokenKinds } from '@jotwarden/policy'
import type { JsonObject } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { now, profileOf, samples, verified } from './tokens.ts'

const kinds = Object.keys(tokenKinds).filter((name): name is TokenKind => Object.hasOwn(tokenKinds, name))
const party = 'https://party.example'

/** The spellings of a media type that RFC 8725 §3.11 and RFC 7515 §4.1.9 take for one. */
function spellings(typ: string): readonly string[] {
  return [typ, typ.toUpperCase(), typ.toLowerCase(), `application/${typ}`, `APPLICATION/${typ.toUpperCase()}`]
}

/** The same claims where issuer, client, subject and API are one party, so that no name tells the kinds apart. */
function ofOneParty(claims: JsonObject): JsonObject {
  const named = ['iss', 'sub', 'aud', 'client_id', 'azp'].filter((name) => Object.hasOwn(claims, name))
  return { ...claims, ...Object.fromEntries(named.map((name) => [name, party])) }
}

/** What a kind cannot do without. */
function bare(kind: TokenKind): JsonObject {
  const { required, anyOf } = tokenKinds[kind]
  const kept = Object.entries(samples[kind]).filter(([name]) => required.includes(name) || name === anyOf[0])
  return Object.fromEntries(kept)
}

describe('tokenKinds exclude one another', () => {
  for (const presented of kinds)
    for (const expected of kinds) {
      const verdict = presented === expected ? 'accepts' : 'refuses'
      const { typ } = tokenKinds[expected]

      test(`decide() ${verdict} a token of kind ${presented} where ${expected} is expected`, async () => {
        for (const spelling of spellings(tokenKinds[presented].typ)) {
          const decision = decide(await verified(spelling, samples[presented]), profileOf(expected), now)
          expect(decision.allow || decision.reason).toBe(presented === expected ? true : 'wrong-typ')
        }
      })

      // Should an issuer ever be led to write another typ, the claims alone still tell the kinds apart
      test(`decide() ${verdict} the claims of kind ${presented} under the typ of ${expected}`, async () => {
        for (const spelling of spellings(typ))
          for (const claims of [samples[presented], bare(presented)]) {
            const token = await verified(spelling, claims)
            expect(decide(token, profileOf(expected), now).allow).toBe(presented === expected)
          }
      })

      if (presented !== expected)
        test(`decide() refuses ${presented} under the typ of ${expected} though one party is all of them`, async () => {
          const { required } = tokenKinds[expected]
          const profile = profileOf(expected, {
            issuer: required.includes('iss') ? party : null,
            audience: required.includes('aud') ? party : null,
          })
          for (const claims of [samples[presented], bare(presented)]) {
            const decision = decide(await verified(typ, ofOneParty(claims)), profile, now)
            expect(decision.allow || decision.reason).toBeOneOf([
              'missing-claim',
              'forbidden-claim',
              'undeclared-claim',
              'claims-coincide',
            ])
          }
        })
    }

  test('but by its typ alone passes nothing: a token without one is of no kind', async () => {
    for (const kind of kinds)
      for (const typ of [
        undefined,
        '',
        'jwt+at',
        `${tokenKinds[kind].typ} `,
        `text/${tokenKinds[kind].typ}`,
      ]) {
        const decision = decide(await verified(typ, samples[kind]), profileOf(kind), now)
        expect(decision).toEqual({ allow: false, reason: 'wrong-typ' })
      }
  })
})

describe('tokenKinds rows', () => {
  test('there are eleven kinds, each under its own name and its own typ', () => {
    expect(kinds).toHaveLength(11)
    for (const kind of kinds) expect(tokenKinds[kind].kind).toBe(kind)
    expect(new Set(kinds.map((kind) => tokenKinds[kind].typ.toLowerCase())).size).toBe(11)
  })

  for (const kind of kinds) {
    const { required, forbidden, understood, typ, anyOf } = tokenKinds[kind]

    test(`${kind} never both wants and forbids a claim`, () => {
      expect([...required, ...anyOf, ...understood].filter((name) => forbidden.includes(name))).toEqual([])
    })

    for (const name of required)
      test(`decide() refuses a token of kind ${kind} without ${name}`, async () => {
        const { [name]: _left, ...rest } = samples[kind]
        const decision = decide(await verified(typ, rest), profileOf(kind), now)
        expect(decision).toEqual({ allow: false, reason: 'missing-claim' })
      })

    for (const name of forbidden)
      test(`decide() refuses a token of kind ${kind} with ${name}`, async () => {
        const decision = decide(await verified(typ, { ...samples[kind], [name]: 'x' }), profileOf(kind), now)
        expect(decision).toEqual({ allow: false, reason: 'forbidden-claim' })
      })
  }

  test('a token without end is good for no kind: each requires exp or iat', () => {
    for (const kind of kinds) {
      const { required, longestLifetime } = tokenKinds[kind]
      expect(required.includes('exp') || required.includes('iat')).toBe(true)
      expect(longestLifetime).toBeGreaterThan(0)
      expect(longestLifetime).toBeLessThanOrEqual(604_800)
    }
    expect(tokenKinds.access.longestLifetime).toBe(3600)
  })
})
