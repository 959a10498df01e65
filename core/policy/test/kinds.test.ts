import { decide, type TokenKind, tokenKinds } from '@jotwarden/policy'
import { describe, expect, test } from 'vitest'
import { now, profileOf, samples, verified } from './tokens.ts'

const kinds = Object.keys(tokenKinds).filter((name): name is TokenKind => Object.hasOwn(tokenKinds, name))

describe('tokenKinds exclude one another', () => {
  for (const presented of kinds)
    for (const expected of kinds) {
      const verdict = presented === expected ? 'accepts' : 'refuses'

      test(`decide() ${verdict} a token of kind ${presented} where ${expected} is expected`, async () => {
        const token = await verified(tokenKinds[presented].typ, samples[presented])
        const decision = decide(token, profileOf(expected), now)
        expect(decision.allow || decision.reason).toBe(presented === expected ? true : 'wrong-typ')
      })

      // Should an issuer ever be led to write another typ, the claims alone still tell the kinds apart
      test(`decide() ${verdict} the claims of kind ${presented} under the typ of ${expected}`, async () => {
        const token = await verified(tokenKinds[expected].typ, samples[presented])
        expect(decide(token, profileOf(expected), now).allow).toBe(presented === expected)
      })
    }
})

describe('tokenKinds rows', () => {
  test('there are eleven kinds, each under its own name and its own typ', () => {
    expect(kinds).toHaveLength(11)
    for (const kind of kinds) expect(tokenKinds[kind].kind).toBe(kind)
    expect(new Set(kinds.map((kind) => tokenKinds[kind].typ.toLowerCase())).size).toBe(11)
  })

  for (const kind of kinds) {
    const { required, forbidden, typ, anyOf } = tokenKinds[kind]

    test(`${kind} never both requires and forbids a claim`, () => {
      expect([...required, ...anyOf].filter((name) => forbidden.includes(name))).toEqual([])
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
