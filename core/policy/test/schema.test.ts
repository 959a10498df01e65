import { accessKind, decide, defineProfile, PolicyError, type StandardSchema } from '@jotwarden/policy'
import type { JsonObject } from '@jotwarden/token'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { api, issuer, now, samples, verified } from './tokens.ts'

interface Roles {
  readonly roles: readonly string[]
}

/** The same demand in the words of three libraries: `roles` is a list of texts. */
const schemas: Readonly<Record<string, StandardSchema<Roles>>> = {
  zod: z.object({ roles: z.array(z.string()) }),
  valibot: v.object({ roles: v.array(v.string()) }),
  arktype: type({ roles: 'string[]' }),
}

async function decided<T>(schema: StandardSchema<T>, claims: JsonObject) {
  const profile = defineProfile({ kind: accessKind, issuer, audience: api, schema })
  return decide(await verified('at+jwt', { ...samples.access, ...claims }), profile, now)
}

describe('decide() with a schema', () => {
  for (const [library, schema] of Object.entries(schemas)) {
    test(`of ${library} gives claims of its type, beside the registered ones`, async () => {
      const decision = await decided(schema, { roles: ['admin'] })
      expect(decision).toMatchObject({ allow: true, claims: { ...samples.access, roles: ['admin'] } })
    })

    for (const roles of ['admin', [1], null, {}])
      test(`of ${library} refuses roles = ${JSON.stringify(roles)}`, async () =>
        expect(await decided(schema, { roles })).toEqual({ allow: false, reason: 'refused-by-schema' }))

    test(`of ${library} refuses claims without roles`, async () =>
      expect(await decided(schema, {})).toEqual({ allow: false, reason: 'refused-by-schema' }))
  }

  test('is asked last: what else is wrong with the token has its own reason', async () => {
    let asked = 0
    const counting = z.object({}).refine(() => ++asked > 0)
    expect(await decided(counting, { aud: 'other' })).toEqual({ allow: false, reason: 'wrong-audience' })
    expect(asked).toBe(0)
    expect(await decided(counting, {})).toMatchObject({ allow: true })
    expect(asked).toBe(1)
  })

  test('a claim that the schema drops does not reach the handler', async () => {
    const decision = await decided(z.object({ roles: z.array(z.string()) }), { roles: [], tenant: 't1' })
    expect(decision.allow && Object.hasOwn(decision.claims, 'tenant')).toBe(false)
    expect(decision.allow).toBe(true)
  })

  test('what it makes of an own claim is what the handler gets', async () => {
    const schema = z.object({ since: z.string().transform((text) => new Date(text)) })
    const decision = await decided(schema, { since: '2027-01-15' })
    expect(decision.allow && decision.claims.since.getUTCFullYear()).toBe(2027)
  })

  test('a registered claim keeps its value, whatever the schema makes of it', async () => {
    const schema = z.object({ sub: z.string().transform(() => 'admin'), jti: z.any().transform(() => 1) })
    const decision = await decided(schema, {})
    expect(decision).toMatchObject({ allow: true, claims: { sub: 'user-1', jti: 'j1' } })
  })

  test('one that changes the claims it is given changes none of the token', async () => {
    const schema = ownSchema((claims) => {
      Object.assign(claims as object, { sub: 'admin', scope: 'everything' })
      return { value: {} }
    })
    expect(await decided(schema, {})).toMatchObject({
      allow: true,
      claims: { sub: 'user-1', scope: 'read write' },
    })
  })

  test('one that throws at what a token says has refused it', async () => {
    const ofSite = (text: string): string => new URL(text).host
    const throwing = v.object({ site: v.pipe(v.string(), v.transform(ofSite)) })
    expect(await decided(throwing, { site: 'https://a.example/x' })).toMatchObject({ allow: true })
    expect(await decided(throwing, { site: 'no URL' })).toEqual({ allow: false, reason: 'refused-by-schema' })
    // zod takes what is thrown for a wish to wait
    const waiting = z.object({ site: z.string().transform(ofSite) })
    await expect(decided(waiting, { site: 'no URL' })).rejects.toThrow(
      expect.objectContaining({ code: 'policy/schema' }),
    )
  })

  test('throws policy/schema for one that waits, and lets no rejection go unhandled', async () => {
    const waiting = z.object({ roles: z.array(z.string()).refine(async () => true) })
    await expect(decided(waiting, { roles: [] })).rejects.toThrow(
      expect.objectContaining({ code: 'policy/schema', message: expect.stringContaining('promise') }),
    )
    const rejecting = ownSchema(() => Promise.reject(new Error('no')))
    await expect(decided(rejecting, {})).rejects.toThrow(PolicyError)
  })

  test('one that answers nothing has refused the claims', async () => {
    for (const nothing of [undefined, null, { issues: [] }])
      expect(
        await decided(
          ownSchema(() => nothing as never),
          {},
        ),
      ).toEqual({ allow: false, reason: 'refused-by-schema' })
  })

  test('throws policy/schema for one that makes no object', async () => {
    for (const value of ['text', null, [], 1, undefined])
      await expect(
        decided(
          ownSchema(() => ({ value })),
          {},
        ),
      ).rejects.toThrow(expect.objectContaining({ code: 'policy/schema' }))
  })
})

test('defineProfile() refuses what follows no Standard Schema', () => {
  for (const schema of [null, {}, { '~standard': {} }, { '~standard': { validate: true } }, 'schema'])
    expect(() => defineProfile({ kind: accessKind, issuer, audience: api, schema: schema as never })).toThrow(
      'the option schema does not follow Standard Schema',
    )
})

function ownSchema(validate: StandardSchema<unknown>['~standard']['validate']): StandardSchema<unknown> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}
