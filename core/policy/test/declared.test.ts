import { claimTable, decide, type TokenKind, tokenKinds } from '@jotwarden/policy'
import type { JsonObject, JsonValue } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { now, profileOf, samples, verified } from './tokens.ts'

const kinds = Object.keys(tokenKinds).filter((name): name is TokenKind => Object.hasOwn(tokenKinds, name))

/** A good value of each claim that restricts, so that its meaning is all there is to refuse. */
const restricting: Readonly<Record<string, JsonValue>> = {
  aud: 'https://api.example',
  act: { sub: 'admin' },
  nonce: 'n',
  azp: 'client-1',
  at_hash: 'h',
  c_hash: 'h',
  s_hash: 'h',
  sub_jwk: { kty: 'OKP' },
  cnf: { jkt: 'A'.repeat(43) },
  htm: 'GET',
  htu: 'https://api.example/',
  ath: 'A'.repeat(43),
  authorization_details: [{ type: 'payment' }],
  response_type: 'code',
  request: 'r',
  request_uri: 'urn:r',
  events: { 'https://e.example': {} },
  sub_id: { format: 'opaque', id: 'x' },
  token_introspection: { active: true },
  status_list: { bits: 1, lst: 'eA' },
  status: { status_list: { idx: 0, uri: 'https://s.example' } },
  _sd: ['d'],
  _sd_alg: 'sha-256',
  sd_hash: 'h',
  vct: 'https://v.example',
  vc: { type: 'x' },
  vp: { type: 'x' },
  crit: ['x'],
  cdnicrit: 'x',
  cdniip: '192.0.2.1',
  cdniuc: 'uri',
  exi: 60,
  cnonce: 'n',
  at_use_nbr: 1,
  eat_profile: 'p',
  eat_nonce: 'n',
}

async function verdict(
  kind: TokenKind,
  more: JsonObject,
  declared: readonly string[] = [],
): Promise<unknown> {
  const decision = decide(
    await verified(tokenKinds[kind].typ, { ...samples[kind], ...more }),
    profileOf(kind, declared.length > 0 ? { declared } : {}),
    now,
  )
  return decision.allow || decision.reason
}

describe('declared or refused', () => {
  test('the table of claims and this test know the same claims that restrict', () => {
    const names = [...claimTable].filter(([, entry]) => entry.restricts).map(([name]) => name)
    expect(names.toSorted()).toEqual(Object.keys(restricting).toSorted())
  })

  for (const kind of kinds) {
    const { required, understood, forbidden } = tokenKinds[kind]
    const known = [...required, ...understood]

    for (const [name, value] of Object.entries(restricting)) {
      if (known.includes(name)) continue

      if (forbidden.includes(name))
        test(`${kind}: ${name} is forbidden, and declaring it is refused`, async () => {
          expect(await verdict(kind, { [name]: value })).toBe('forbidden-claim')
          expect(() => profileOf(kind, { declared: [name] })).toThrow(`names ${name}, which the kind`)
        })
      else
        test(`${kind}: ${name} is refused unless declared`, async () => {
          expect(await verdict(kind, { [name]: value })).toBe('undeclared-claim')
          expect(await verdict(kind, { [name]: value }, ['other'])).toBe('undeclared-claim')
          expect(await verdict(kind, { [name]: value }, [name])).toBe(true)
        })
    }
  }

  test('declaring one claim lets no other through', async () => {
    const claims = { act: restricting.act ?? null, authorization_details: [{ type: 'payment' }] }
    expect(await verdict('access', claims, ['act'])).toBe('undeclared-claim')
    expect(await verdict('access', claims, ['act', 'authorization_details'])).toBe(true)
  })

  test('a declared claim of a wrong type is refused all the same', async () => {
    const wrong: readonly [string, readonly JsonValue[]][] = [
      ['act', [null, {}, 'admin', [], true]],
      ['authorization_details', [null, {}, ['payment'], [{}], [{ type: 1 }], [{ type: '' }], 'payment']],
      ['status', [null, {}, 'ok', []]],
      ['crit', [null, '', [''], ['a', 1], {}]],
      ['exi', [-1, 0.5, '60', null]],
    ]
    for (const [name, values] of wrong)
      for (const value of values) {
        expect(await verdict('access', { [name]: value }, [name])).toBe('malformed-claim')
        expect(await verdict('access', { [name]: value })).toBe('malformed-claim')
      }
  })

  test('what an access token of the authority carries passes undeclared', async () => {
    const own = { rev: 7, login: 'l1', sid: 's1', auth_time: now - 60, acr: 'pwd', amr: ['pwd', 'otp'] }
    const bound = { cnf: { jkt: 'A'.repeat(43) } }
    const hooked = { roles: ['admin'], groups: 'all', entitlements: [{ value: 'x' }], tenant: { id: 1 } }
    expect(await verdict('access', { ...own, ...bound, ...hooked })).toBe(true)
  })

  test('attributes of other issuers pass: they add to what is known', async () => {
    const others = {
      may_act: { sub: 'service' },
      txn: 't',
      azp: 'client-1',
      permissions: ['read'],
      realm_access: { roles: ['x'] },
      email_verified: null,
      typ: 'Bearer',
      ver: '2.0',
      'https://app.example/claims': { deep: [1] },
      toString: 'a name that every object inherits',
    }
    expect(await verdict('access', others)).toBe(true)
  })
})
