import {
  type DemandOptions,
  type DenyReason,
  decide,
  defineDemands,
  demand,
  PolicyError,
} from '@jotwarden/policy'
import type { JsonObject } from '@jotwarden/token'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { now, profileOf, samples, verified } from './tokens.ts'

const without = (name: string): JsonObject =>
  Object.fromEntries(Object.entries(samples.access).filter(([key]) => key !== name))

/** The same demands of a profile, and of an act after the profile has allowed the token. */
async function verdicts(claims: JsonObject, options: DemandOptions): Promise<unknown[]> {
  const token = await verified('at+jwt', claims)
  const allowed = decide(token, profileOf('access'), now)
  if (!allowed.allow) throw new Error(allowed.reason)
  const ofAct = demand(allowed.claims, defineDemands(options), now)
  const ofProfile = decide(token, profileOf('access', { demands: defineDemands(options) }), now)
  return [ofAct, ofProfile].map((decision) => decision.allow || decision.reason)
}

describe('demand(), and demands of a profile', () => {
  // The token grants read and write, by a sign-in of 60 seconds ago with acr pwd
  const cases: readonly [string, JsonObject, DemandOptions, true | DenyReason][] = [
    ['nothing is asked', samples.access, {}, true],
    ['no scope is asked', without('scope'), { scopes: [] }, true],
    ['all scopes are granted', samples.access, { scopes: ['write', 'read'] }, true],
    ['one scope is missing', samples.access, { scopes: ['read', 'admin'] }, 'insufficient-scope'],
    ['there is no scope', without('scope'), { scopes: ['read'] }, 'insufficient-scope'],
    ['a scope is part of a granted one', samples.access, { scopes: ['rea'] }, 'insufficient-scope'],
    ['a scope begins like a granted one', samples.access, { scopes: ['read2'] }, 'insufficient-scope'],
    ['a scope ends like a granted one', samples.access, { scopes: ['ead'] }, 'insufficient-scope'],
    ['a scope is in another case', samples.access, { scopes: ['READ'] }, 'insufficient-scope'],
    ['one of several is granted', samples.access, { anyScope: ['admin', 'write'] }, true],
    ['none of several is granted', samples.access, { anyScope: ['admin', 'ops'] }, 'insufficient-scope'],
    ['there is no scope to choose from', without('scope'), { anyScope: ['read'] }, 'insufficient-scope'],
    ['all of some and one of others', samples.access, { scopes: ['read'], anyScope: ['write'] }, true],
    ['the acr is among those asked for', samples.access, { acrValues: ['mfa', 'pwd'] }, true],
    ['the acr is another', samples.access, { acrValues: ['mfa'] }, 'insufficient-acr'],
    ['the acr is a part', { ...samples.access, acr: 'mf' }, { acrValues: ['mfa'] }, 'insufficient-acr'],
    ['there is no acr', without('acr'), { acrValues: ['pwd'] }, 'insufficient-acr'],
    ['the sign-in is recent', samples.access, { maxAge: 60 }, true],
    ['the sign-in is old but for the skew', samples.access, { maxAge: 31 }, true],
    ['the sign-in is too old', samples.access, { maxAge: 30 }, 'authentication-too-old'],
    ['there is no auth_time', without('auth_time'), { maxAge: 3600 }, 'authentication-too-old'],
    [
      'signing in is asked for now',
      { ...samples.access, auth_time: now - 31 },
      { maxAge: 0 },
      'authentication-too-old',
    ],
    ['it was signed in just now', { ...samples.access, auth_time: now }, { maxAge: 0 }, true],
  ]
  for (const [name, claims, options, expected] of cases)
    test(`when ${name}: ${expected === true ? 'allowed' : expected}`, async () =>
      expect(await verdicts(claims, options)).toEqual([expected, expected]))

  test('gives the claims in its allowing branch alone', () => {
    const claims = { scope: 'read', own: 1 }
    const allowed = demand(claims, defineDemands({ scopes: ['read'] }), now)
    expect(allowed).toEqual({ allow: true, claims })
    expect(demand(claims, defineDemands({ scopes: ['x'] }), now)).toEqual({
      allow: false,
      reason: 'insufficient-scope',
    })
  })

  test('a skew of 0 is exact', async () => {
    const token = await verified('at+jwt', samples.access)
    for (const [maxAge, allow] of [
      [60, false],
      [61, true],
    ] as const) {
      const demands = defineDemands({ maxAge, skew: 0 })
      expect(demand({ auth_time: now - 60 }, demands, now).allow).toBe(allow)
      expect(decide(token, profileOf('access', { demands }), now).allow).toBe(allow)
    }
  })

  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, -1])
    test(`throws policy/now when the time is ${at}`, () =>
      expect(() => demand({}, defineDemands({}), at)).toThrow(
        expect.objectContaining({ code: 'policy/now' }),
      ))

  test('allows exactly when every scope is in the list, whatever their names', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', ':', '-'), minLength: 1, maxLength: 3 })
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(names, names, (granted, wanted) => {
        const claims = { scope: granted.join(' ') }
        const all = wanted.every((one) => granted.includes(one))
        const any = wanted.some((one) => granted.includes(one))
        expect(demand(claims, defineDemands({ scopes: wanted }), now).allow).toBe(all)
        expect(demand(claims, defineDemands({ anyScope: wanted }), now).allow).toBe(any)
      }),
    )
  })
})

describe('defineDemands()', () => {
  const cases: readonly [string, readonly unknown[]][] = [
    ['scopes', ['read', [''], ['a b'], [1], null, [null], { 0: 'a', length: 1 }, ['ä'], ['a"']]],
    ['anyScope', ['read', [], ['a b'], [1], null]],
    ['acrValues', ['mfa', [], [''], [1], null]],
    ['maxAge', [-1, Number.NaN, Number.POSITIVE_INFINITY, '60', null]],
    ['skew', [-1, 61, Number.NaN, '30', null]],
    ['max_age', [60]],
  ]
  for (const [name, values] of cases)
    for (const value of values)
      test(`refuses ${name} = ${String(JSON.stringify(value))}, naming it`, () => {
        const define = (): unknown => defineDemands({ [name]: value } as DemandOptions)
        expect(define).toThrow(PolicyError)
        expect(define).toThrow(
          expect.objectContaining({
            code: 'policy/demands',
            message: expect.stringContaining(`the option ${name} `),
          }),
        )
      })

  test('keeps a copy, frozen', () => {
    const scopes = ['read']
    const demands = defineDemands({ scopes })
    scopes.push('write')
    expect(demands).toMatchObject({
      scopes: ['read'],
      anyScope: null,
      acrValues: null,
      maxAge: null,
      skew: 30,
    })
    expect(Object.isFrozen(demands) && Object.isFrozen(demands.scopes)).toBe(true)
  })
})
