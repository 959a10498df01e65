// Compiled with the tests and never run: each expected error is one that the compiler has to give
import {
  type AccessClaims,
  accessKind,
  type Demands,
  decide,
  defineDemands,
  defineProfile,
  demand,
  idKind,
  type Profile,
} from '@jotwarden/policy'
import { decodeUnverified, type JsonObject, type VerifiedToken } from '@jotwarden/token'
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'

declare const token: VerifiedToken
declare const text: string
declare const now: number
const options = { kind: accessKind, issuer: 'https://issuer.example', audience: 'https://api.example' }
const profile = defineProfile(options)

export function handler(_claims: AccessClaims): void {}

export function unverifiedDataReachesNoHandler(parsed: JsonObject): void {
  const unverified = decodeUnverified(text)
  // @ts-expect-error what was decoded was not verified
  handler(unverified.claims)
  // @ts-expect-error nor can it be decided on
  decide(unverified, profile, now)
  // @ts-expect-error verified claims were not decided on
  handler(token.claims)
  // @ts-expect-error claims that somebody wrote were not verified
  handler({ iss: '', sub: '', aud: '', exp: 1, iat: 1, jti: '', client_id: '' })
  // @ts-expect-error nor were claims that were parsed
  decide({ typ: 'at+jwt', claims: parsed }, profile, now)

  const decision = decide(token, profile, now)
  // @ts-expect-error a decision that was not asked has no claims
  handler(decision.claims)
  if (decision.allow) handler(decision.claims)
  // @ts-expect-error a refusal has no claims
  else handler(decision.claims)
}

export function checksCannotBeLeftOut(handmade: Omit<Profile<'access'>, symbol>, made: object): void {
  // @ts-expect-error a check is left out by writing null
  defineProfile({ kind: accessKind, issuer: options.issuer })
  // @ts-expect-error a profile is made by defineProfile alone
  decide(token, handmade, now)
  // @ts-expect-error and demands by defineDemands
  demand({ scope: 'a' }, { scopes: [], anyScope: null, acrValues: null, maxAge: null, skew: 0 }, now)
  // @ts-expect-error
  const demands: Demands = made
  demand({ scope: 'a' }, demands, now)
  // @ts-expect-error the time is not ambient
  decide(token, profile)
  // @ts-expect-error
  demand({ scope: 'a' }, defineDemands({ scopes: ['a'] }))
}

export function kindsHaveTheirOwnClaims(): void {
  const decision = decide(token, defineProfile({ ...options, kind: idKind, nonce: null }), now)
  if (!decision.allow) return
  const sub: string = decision.claims.sub
  // @ts-expect-error an ID token names no client
  const client: string = decision.claims.client_id
  // @ts-expect-error and is none of the claims an API handles
  handler(decision.claims)
  use(sub, client)
}

export function schemasTypeClaims(): void {
  const zod = decide(token, defineProfile({ ...options, schema: z.object({ level: z.number() }) }), now)
  const valibot = decide(token, defineProfile({ ...options, schema: v.object({ level: v.number() }) }), now)
  const ark = decide(token, defineProfile({ ...options, schema: type({ level: 'number' }) }), now)
  for (const decision of [zod, valibot, ark]) {
    if (!decision.allow) continue
    const level: number = decision.claims.level
    const sub: string = decision.claims.sub
    // @ts-expect-error the schema says number
    const wrong: string = decision.claims.level
    handler(decision.claims)
    use(level, sub, wrong)
  }
  const renamed = decide(token, defineProfile({ ...options, schema: z.object({ sub: z.number() }) }), now)
  // @ts-expect-error no schema gives a registered claim another type
  if (renamed.allow) use(renamed.claims.sub.toFixed())
  const plain = decide(token, profile, now)
  // @ts-expect-error without a schema nobody knows what an own claim is
  if (plain.allow) use(plain.claims.level.toFixed())
}

function use(..._values: readonly unknown[]): void {}
