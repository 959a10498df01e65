import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AccessClaims,
  accessKind,
  decide,
  defineDemands,
  defineProfile,
  defineProfileByName,
  demand,
  validityOf,
} from '@jotwarden/policy'
import {
  generateKeyPair,
  importSignKey,
  type JsonObject,
  KeySet,
  signerOf,
  signJwt,
  verify,
} from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { now, samples } from './tokens.ts'

const { privateJwk, publicJwk } = generateKeyPair('ES256')
const keys = KeySet.fromJwks({ keys: [publicJwk] })

async function minted(claims: JsonObject): Promise<string> {
  return signJwt({ typ: 'at+jwt', claims }, signerOf(importSignKey(privateJwk)))
}

describe('the examples in the comments of this package', () => {
  test('stand in this file, where they run', () => {
    const here = squeezed(readFileSync(import.meta.filename, 'utf8'))
    const folder = join(import.meta.dirname, '../src')
    const examples = readdirSync(folder).flatMap((name) =>
      examplesOf(readFileSync(join(folder, name), 'utf8')),
    )
    expect(examples.length).toBeGreaterThan(3)
    for (const example of examples) expect(here).toContain(squeezed(example))
  })

  test('defineProfile(), validityOf()', async () => {
    async function handle(token: string): Promise<unknown> {
      const profile = defineProfile({
        kind: accessKind,
        issuer: 'https://issuer.example',
        audience: 'https://api.example',
        schema: z.object({ roles: z.array(z.string()) }),
      })
      const decision = decide(verify(token, keys), profile, now)
      if (!decision.allow) return decision.reason
      const roles: readonly string[] = decision.claims.roles

      const { from, until } = validityOf(decision.claims, profile)
      const stillAllowed = now >= from && now < until
      return [roles, stillAllowed]
    }
    expect(await handle(await minted({ ...samples.access, roles: ['admin'] }))).toEqual([['admin'], true])
    expect(await handle(await minted({ ...samples.access, roles: 'admin' }))).toBe('refused-by-schema')
  })

  test('demand()', async () => {
    function handle(claims: AccessClaims): unknown {
      const transfer = defineDemands({ scopes: ['transfer'], acrValues: ['mfa'], maxAge: 300 })
      const decision = demand(claims, transfer, now)
      if (!decision.allow) return decision.reason
      return 'transferred'
    }
    async function called(over: JsonObject): Promise<unknown> {
      const token = verify(await minted({ ...samples.access, ...over }), keys)
      const profile = defineProfile({
        kind: accessKind,
        issuer: 'https://issuer.example',
        audience: 'https://api.example',
      })
      const decision = decide(token, profile, now)
      return decision.allow ? handle(decision.claims) : decision.reason
    }
    expect(await called({ scope: 'transfer', acr: 'mfa' })).toBe('transferred')
    expect(await called({ scope: 'transfer' })).toBe('insufficient-acr')
  })

  test('defineProfileByName()', () => {
    const proofs = defineProfileByName({ kind: 'dpop-proof', issuer: null, audience: null })
    expect(proofs.typ).toEqual(['dpop+jwt'])
  })
})

function examplesOf(source: string): readonly string[] {
  return [...source.matchAll(/@example\n \* ```ts\n(.*?) \* ```/gs)].map(([, lines = '']) =>
    lines.replaceAll(/^ \* /gm, ''),
  )
}

function squeezed(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim()
}
