import type { TokenErrorCode } from '@jotwarden/token'
import { es256, hs256, PAYLOAD, signedTexts, signedToken } from '../samples.ts'
import type { HostileToken } from './hostile-token.ts'

/** Signed tokens whose header two readers may read differently (RFC 7515 §4, RFC 7797 §7, RFC 8725). */
export function headerAttacks(): readonly HostileToken[] {
  return [...criticals(), ...notForUs(), ...wrongTypes(), ...duplicates(), ...badTexts()]
}

function criticals(): HostileToken[] {
  const values = [
    ['b64'],
    ['exp'],
    ['http://example.com/UNDEFINED'],
    [],
    null,
    '',
    'b64',
    {},
    0,
    false,
    [1],
    ['exp', 'exp'],
    ['alg'],
  ]
  return [
    ...values.map((crit) => ({ crit })),
    { crit: ['b64'], b64: false },
    { crit: ['b64'], b64: true },
  ].map((extra) => signedWith(extra, 'token/crit'))
}

function notForUs(): HostileToken[] {
  const members = {
    b64: false,
    zip: 'DEF',
    enc: 'A256GCM',
    epk: {},
    apu: 'YQ',
    apv: 'YQ',
    iv: 'YQ',
    tag: 'YQ',
    p2s: 'YQ',
  }
  const single = Object.entries(members).map(([name, value]) => ({ [name]: value }))
  return [
    ...single,
    { b64: true },
    { p2c: 2_147_483_647 },
    { zip: null },
    { cty: 'JWT' },
    { cty: 'application/jwt' },
  ].map((extra) => signedWith(extra, 'token/header'))
}

function wrongTypes(): HostileToken[] {
  const values: readonly unknown[] = [0, 1, true, null, [], ['ES256'], {}, { toString: 'ES256' }]
  const members = ['alg', 'typ', 'kid', 'cty'].flatMap((name) => values.map((value) => ({ [name]: value })))
  return [...members, { alg: undefined }, { kid: 'k'.repeat(257) }, { kid: '../'.repeat(100) }].map((extra) =>
    signedWith(extra, 'token/header'),
  )
}

function duplicates(): HostileToken[] {
  const rest = `"kid":"${es256.kid}"`
  return [
    `{"alg":"ES256",${rest},"alg":"ES256"}`,
    `{"alg":"none","alg":"ES256",${rest}}`,
    `{"alg":"ES256","alg":"none",${rest}}`,
    `{"alg":"ES256","\\u0061lg":"none",${rest}}`,
    `{"alg":"ES256",${rest},"\\u006bid":"other"}`,
    `{"alg":"ES256",${rest},"typ":"JWT","typ":"at+jwt"}`,
    `{"alg":"ES256",${rest},"x":{"a":1,"a":1}}`,
    `{"alg":"ES256",${rest},"x":[{"a":1,"\\u0061":2}]}`,
    `{"alg":"ES256",${rest},"":1,"":2}`,
  ].map((header) => signedHeader(header, 'token/duplicate-member'))
}

function badTexts(): HostileToken[] {
  const good = `{"alg":"ES256","kid":"${es256.kid}"}`
  const texts = [
    `\ufeff${good}`,
    `${good}\0`,
    `${good}x`,
    `${good}${good}`,
    `${good},`,
    `[${good}]`,
    `"${good.length}"`,
    'null',
    '1',
    '',
    good.replace('{', '{/*c*/'),
    good.replaceAll('"', "'"),
    good.replace('}', ',}'),
    `{"__proto__":1,${good.slice(1)}`,
    `{"x":"\\ud800",${good.slice(1)}`,
    `{"x":1e400,${good.slice(1)}`,
    `{"x":[[[[1]]]],${good.slice(1)}`,
    wide(good),
  ]
  const invalidUtf8 = Uint8Array.from([
    ...new TextEncoder().encode('{"x":"'),
    0xff,
    ...new TextEncoder().encode(`",${good.slice(1)}`),
  ])
  return [...texts, invalidUtf8].map((header) => signedHeader(header, 'token/json'))
}

function wide(good: string): string {
  const members = Array.from({ length: 63 }, (_, at) => `"m${at}":0`)
  return `{${members.join(',')},${good.slice(1)}`
}

function signedWith(extra: Readonly<Record<string, unknown>>, code: TokenErrorCode): HostileToken {
  const title = `header with ${(JSON.stringify(extra) ?? '').slice(0, 60)}`
  const token = signedToken(es256, extra)
  return {
    title: extra.alg === undefined && 'alg' in extra ? 'header without alg' : title,
    token,
    keys: es256.verifyKey,
    code,
  }
}

function signedHeader(header: string | Uint8Array, code: TokenErrorCode): HostileToken {
  const title = typeof header === 'string' ? header.slice(0, 70) : 'invalid UTF-8'
  return {
    title: `header ${JSON.stringify(title)}`,
    token: signedTexts(header, PAYLOAD, es256),
    keys: es256.verifyKey,
    code,
  }
}

/** Members of a header that must change nothing at all: they name keys and places that the token has chosen. */
export const ignoredMembers: readonly Readonly<Record<string, unknown>>[] = [
  { jku: 'https://attacker.example/jwks.json' },
  { jku: 'http://169.254.169.254/' },
  { x5u: 'file:///etc/passwd' },
  { x5c: ['MIIB'] },
  { x5t: 'AAAA' },
  { 'x5t#S256': 'AAAA' },
  { jwk: null },
  { jwk: { kty: 'oct', k: 'AA' } },
  { url: 'https://attacker.example/' },
  { nonce: hs256.kid },
]
