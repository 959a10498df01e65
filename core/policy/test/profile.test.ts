import {
  accessKind,
  accessProfile,
  defineProfile,
  defineProfileByName,
  dpopProofKind,
  isIssuerIdentifier,
  type NamedProfileOptions,
  PolicyError,
  type StandardSchema,
} from '@jotwarden/policy'
import { describe, expect, test } from 'vitest'

const good = { kind: 'access', issuer: 'https://issuer.example', audience: 'https://api.example' } as const

function fault(options: object): string {
  try {
    defineProfileByName(options as NamedProfileOptions<'access'>)
  } catch (error) {
    if (error instanceof PolicyError && error.code === 'policy/profile') return error.message
    throw error
  }
  return 'accepted'
}

describe('defineProfile()', () => {
  test('fills in a skew of 30 and the lifetime of the kind, and freezes', () => {
    const profile = defineProfileByName(good)
    expect(profile).toMatchObject({ skew: 30, longestLifetime: 3600, maxAge: null, typ: ['at+jwt'] })
    expect(Object.isFrozen(profile)).toBe(true)
  })

  test('keeps a copy of the audience', () => {
    const audience = ['https://api.example']
    const profile = defineProfileByName({ ...good, audience })
    audience.push('https://other.example')
    expect(profile.audience).toEqual(['https://api.example'])
  })

  test('takes the row itself, and its name only where the whole table is at hand', () => {
    const options = { issuer: null, audience: null }
    expect(defineProfile({ ...options, kind: dpopProofKind }).rule).toBe(dpopProofKind)
    expect(defineProfileByName({ ...options, kind: 'dpop-proof' }).rule).toBe(dpopProofKind)
    for (const kind of ['access', null, {}, { typ: 'at+jwt' }, undefined] as unknown[])
      expect(() => defineProfile({ ...good, kind: kind as typeof accessKind })).toThrow('the option kind ')
  })

  const numbers = [Number.NaN, Number.POSITIVE_INFINITY, -1, '30', null]
  const cases: readonly [string, readonly unknown[]][] = [
    ['skew', [...numbers, 61]],
    ['longestLifetime', [...numbers, 0, 3601]],
    ['maxAge', [...numbers, 0]],
    [
      'issuer',
      ['', undefined, null, 1, [good.issuer], 'issuer', 'http://issuer.example', 'https://a@issuer.example'],
    ],
    ['audience', ['', undefined, [], [''], [1], 1]],
    ['clientId', ['', null, 1]],
    ['nonce', ['n']],
    ['kind', ['toString', '__proto__', undefined, 'none']],
    ['ignoreExpiration', [true]],
    ['typ', ['JWT', ['JWT']]],
    ['subject', ['', null, 1]],
    ['authorizedParty', ['', null, 1]],
    ['required', ['tenant', [''], [1], new Array(1), null, ['nonce']]],
    ['declared', ['act', [''], [1], null, ['events']]],
    ['danger', [null, 1, 'typ']],
    ['schema', [null, {}, { '~standard': null }, { '~standard': {} }]],
    ['demands', [null, { scopes: ['read'] }, 'read', []]],
    [
      'danger.typ',
      [
        { danger: { typ: [] } },
        { danger: { typ: 'JWT' } },
        { danger: { typ: [''] } },
        { danger: { typ: ['JWT', 1] } },
      ],
    ],
    ['danger.allowExpired', [{ danger: { allowExpired: true } }]],
  ]
  for (const [name, values] of cases)
    for (const value of values)
      test(`refuses ${name} = ${String(JSON.stringify(value) ?? value)}, naming it`, () =>
        expect(fault({ ...good, ...(name.includes('.') ? Object(value) : { [name]: value }) })).toContain(
          `the option ${name} `,
        ))

  test('declares and requires what was named, and no more', () => {
    expect(defineProfileByName(good)).toMatchObject({ declared: [], required: accessKind.required })
    const more = { declared: ['act'], required: ['tenant'], authorizedParty: 'c' }
    expect(defineProfileByName({ ...good, ...more })).toMatchObject({
      declared: ['act', 'azp'],
      required: [...accessKind.required, 'tenant'],
    })
  })

  test('refuses what narrows a claim that the kind forbids', () => {
    const { kind: _, ...rest } = { ...good, kind: 'local-session', audience: good.issuer }
    const local = (more: object): string => fault({ ...rest, kind: 'local-session', ...more })
    expect(local({})).toBe('accepted')
    expect(local({ clientId: 'c' })).toContain('the option clientId has no meaning for the kind')
    expect(fault({ ...good, kind: 'database-backed', subject: 's' })).toContain('the option subject ')
  })

  test('an ID token profile has to write its nonce', () => {
    expect(fault({ ...good, kind: 'id' })).toContain('nonce')
    expect(fault({ ...good, kind: 'id', nonce: null })).toBe('accepted')
  })

  test('a kind without issuer or audience takes null alone', () => {
    expect(fault({ kind: 'dpop-proof', issuer: null, audience: null })).toBe('accepted')
    expect(fault({ kind: 'dpop-proof', issuer: good.issuer, audience: null })).toContain('issuer')
    expect(fault({ kind: 'dpop-proof', issuer: null, audience: 'x' })).toContain('audience')
  })

  test('a client that signs need not be a URL', () => {
    const signed = { kind: 'client-assertion', audience: good.issuer }
    expect(fault({ ...signed, issuer: 'client-1' })).toBe('accepted')
    for (const issuer of ['', null, 1]) expect(fault({ ...signed, issuer })).toContain('the option issuer ')
  })
})

describe('accessProfile()', () => {
  const options = { issuer: good.issuer, audience: good.audience }
  const own = (option: string, state: string, remedy: string): Error =>
    new RangeError([option, state, remedy].join('|'))

  test('settles what defineProfile does for the same options', () => {
    for (const more of [
      {},
      { skew: 5, maxAge: 60, clientId: 'c', authorizedParty: 'c', declared: ['act'] },
    ]) {
      const { schema, ...terms } = accessProfile({ ...options, ...more }, own)
      expect(schema).toBeNull()
      expect(JSON.stringify({ ...terms, schema })).toBe(
        JSON.stringify(defineProfile({ kind: accessKind, ...options, ...more })),
      )
    }
  })

  const schema = { '~standard': { version: 1, vendor: 'own', validate: (value: unknown) => ({ value }) } }

  test('keeps the schema', () => {
    expect(accessProfile({ ...options, schema: schema as StandardSchema<unknown> }, own).schema).toBe(schema)
  })

  const cases: readonly [object, string][] = [
    [{ issuer: null }, 'issuer|is no issuer URL|pass an https URL without query (http on loopback alone)'],
    [{ skew: 61 }, 'skew|is out of range|pass a number of seconds from 0 to 60'],
    [{ declared: ['events'] }, 'declared|names events, which the kind access forbids|leave that name out'],
    [{ schema: {} }, 'schema|does not follow Standard Schema|pass an object with ~standard.validate'],
  ]
  for (const [wrong, message] of cases)
    test(`says ${message} in the words of its reader`, () => {
      const act = (): unknown => accessProfile({ ...options, ...wrong }, own)
      expect(act).toThrow(expect.objectContaining({ name: 'RangeError', message }))
    })
})

describe('isIssuerIdentifier()', () => {
  const yes = [
    'https://a.example',
    'https://a.example/',
    'https://a.example:8443/realms/x',
    'https://[2001:db8::1]/x',
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://[::1]:80/a',
  ]
  const no = [
    '',
    'a.example',
    'ftp://a.example',
    'http://a.example',
    'https://',
    'https://a.example?x=1',
    'https://a.example#f',
    'https://u:p@a.example',
    'https://a.example/ x',
    'http://localhost.evil',
    'http://localhost@evil.example',
    'http://127.0.0.1.evil.example',
    'https://a.example\n',
    'javascript:alert(1)',
  ]
  for (const text of yes) test(`takes ${text}`, () => expect(isIssuerIdentifier(text)).toBe(true))
  for (const text of no)
    test(`refuses ${JSON.stringify(text)}`, () => expect(isIssuerIdentifier(text)).toBe(false))
})
