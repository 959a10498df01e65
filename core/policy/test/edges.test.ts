import {
  accessKind,
  clientAssertionKind,
  type DenyReason,
  decide,
  defineDemands,
  defineProfile,
  defineProfileByName,
  demand,
  dpopProofKind,
  idKind,
  logoutKind,
  parseScope,
  validityOf,
} from '@jotwarden/policy'
import { describe, expect, test } from 'vitest'
import { api, issuer, now, samples, verified } from './tokens.ts'

describe('decide() at the edges of what a claim may be', () => {
  const thumbprint = 'A'.repeat(43)
  test.each<readonly [string, unknown, DenyReason | null]>([
    ['nbf', 0, null],
    ['auth_time', 0, null],
    ['rev', 0, null],
    // Of the right type, and so refused for what it says
    ['exp', Number.MAX_SAFE_INTEGER, 'lifetime-too-long'],
    ['exp', 2 ** 53, 'malformed-claim'],
    ['cnf', { jkt: thumbprint }, null],
    ['cnf', { jkt: `${thumbprint}A` }, 'malformed-claim'],
    ['cnf', { jkt: `.${thumbprint}` }, 'malformed-claim'],
    ['cnf', { jkt: [thumbprint] }, 'malformed-claim'],
    ['authorization_details', [{ type: 'a' }, { type: 'b' }], null],
    ['authorization_details', [{ type: 'a' }, {}], 'malformed-claim'],
    ['iss', `${issuer}/`, 'wrong-issuer'],
  ])('%s = %j', async (name, value, reason) => {
    const declared = ['authorization_details']
    const profile = defineProfile({ kind: accessKind, issuer, audience: api, declared })
    const token = await verified('at+jwt', { ...samples.access, [name]: value } as typeof samples.access)
    expect(reasonOf(decide(token, profile, now))).toBe(reason)
  })

  test('a logout token of which one event is no object is malformed', async () => {
    const profile = defineProfile({ kind: logoutKind, issuer, audience: null })
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {}, other: 1 }
    const token = await verified('logout+jwt', { ...samples.logout, events })
    expect(reasonOf(decide(token, profile, now))).toBe('malformed-claim')
  })
})

test('demand() does not take an absent scope for one that is named undefined', () => {
  const demands = defineDemands({ scopes: ['undefined'] })
  expect(reasonOf(demand({}, demands, now))).toBe('insufficient-scope')
  expect(reasonOf(demand({ scope: 'undefined' }, demands, now))).toBeNull()
})

test('validityOf() heeds the age of the sign-in only where it is demanded', () => {
  const claims = { iss: issuer, iat: now, exp: now + 600, auth_time: now - 5000 }
  const profile = { kind: accessKind, issuer, audience: api }
  const scoped = defineProfile({ ...profile, demands: defineDemands({ scopes: ['read'] }) })
  expect(validityOf(claims, scoped).until).toBe(now + 630)
  const recent = defineProfile({ ...profile, demands: defineDemands({ maxAge: 5100, skew: 60 }) })
  expect(validityOf(claims, recent).until).toBe(now + 160)
})

describe('misuse is told by the option, and by what it takes', () => {
  const good = { kind: accessKind, issuer, audience: api }
  const profile = 'Cannot define the profile: the option'
  const demands = 'Cannot define the demands: the option'
  test.each<readonly [string, () => unknown]>([
    [
      `${profile} ignoreExp is not known; leave it out`,
      () => defineProfile({ ...good, ...{ ignoreExp: true } }),
    ],
    [
      `${profile} danger.alg is not known; use danger.typ`,
      () => defineProfile({ ...good, danger: { alg: 1 } as object }),
    ],
    [
      `${profile} danger.typ names no media types; pass an array of them, or of null for a header without`,
      () => defineProfile({ ...good, danger: { typ: [] } }),
    ],
    [
      `${profile} kind is no row of the table of kinds; pass one such as accessKind; defineProfileByName takes its name`,
      () => defineProfile({ ...good, kind: 'access' as unknown as typeof accessKind }),
    ],
    [
      `${profile} issuer is no issuer URL; pass an https URL without query (http on loopback alone)`,
      () => defineProfile({ ...good, issuer: 'issuer' }),
    ],
    [
      `${profile} audience names nobody; pass a text, an array of texts, or null to leave the check out`,
      () => defineProfile({ ...good, audience: [] }),
    ],
    [
      `${profile} issuer has no meaning for the kind dpop-proof, which names none; pass null`,
      () => defineProfile({ kind: dpopProofKind, issuer, audience: null }),
    ],
    [
      `${profile} audience has no meaning for the kind dpop-proof, which names none; pass null`,
      () => defineProfile({ kind: dpopProofKind, issuer: null, audience: api }),
    ],
    [
      `${profile} nonce is missing; pass the nonce that was sent, or null to leave the check out`,
      () => defineProfile({ kind: idKind, issuer, audience: 'client' }),
    ],
    [
      `${profile} nonce has no meaning for the kind access; leave it out`,
      () => defineProfile({ ...good, nonce: 'n' }),
    ],
    [
      `${profile} nonce is empty, or no text; pass the text that the claim must be`,
      () => defineProfile({ kind: idKind, issuer, audience: 'client', nonce: '' }),
    ],
    [
      `${profile} declared is no array of texts; pass the names of claims`,
      () => defineProfile({ ...good, declared: 'act' as unknown as string[] }),
    ],
    [
      `${profile} skew is out of range; pass a number of seconds from 0 to 60`,
      () => defineProfile({ ...good, skew: 61 }),
    ],
    [
      `${profile} authorizedParty is empty, or no text; pass the text that the claim must be`,
      () =>
        defineProfile({ kind: clientAssertionKind, issuer: 'client', audience: api, authorizedParty: '' }),
    ],
    [
      `${profile} authorizedParty has no meaning for the kind access, which forbids azp; leave it out`,
      () =>
        defineProfile({ ...good, kind: { ...accessKind, forbidden: ['azp'] }, authorizedParty: 'client' }),
    ],
    [
      `${profile} demands is not what it has to be; pass what defineDemands makes`,
      () => defineProfile({ ...good, demands: {} as ReturnType<typeof defineDemands> }),
    ],
    [`${demands} scope is not known`, () => defineDemands({ scope: 'read' } as object)],
    [
      `${profile} issuer is empty, or no text; pass the identifier of the client that signs`,
      () => defineProfile({ kind: clientAssertionKind, issuer: '', audience: api }),
    ],
    [
      `${profile} danger is no object; pass one, or leave it out`,
      () => defineProfile({ ...good, danger: null as unknown as object }),
    ],
    [
      `${profile} required names nonce, which the kind access forbids; leave that name out`,
      () => defineProfile({ ...good, required: ['tenant', 'nonce'] }),
    ],
    [
      `${profile} schema does not follow Standard Schema; pass an object with ~standard.validate`,
      () => defineProfile({ ...good, schema: {} as never }),
    ],
    [
      `${profile} kind names no kind of token; pass one of tokenKinds`,
      () => defineProfileByName({ ...good, kind: 'none' as 'access' }),
    ],
    [
      `${demands} anyScope must be an array of texts of the right grammar, and not empty where one is chosen`,
      () => defineDemands({ anyScope: [] }),
    ],
    [`${demands} skew must be a number of seconds from 0 to 60`, () => defineDemands({ skew: 61 })],
    ['Cannot read the scope: it does not follow RFC 6749', () => parseScope('a  b')],
  ])('%s', (message, act) => {
    expect(act).toThrow(expect.objectContaining({ name: 'PolicyError', message }))
  })

  test('parseScope() throws policy/scope', () => {
    expect(() => parseScope('')).toThrow(expect.objectContaining({ code: 'policy/scope' }))
  })
})

function reasonOf(decision: { readonly allow: boolean; readonly reason?: DenyReason }): DenyReason | null {
  return decision.allow ? null : (decision.reason ?? null)
}
