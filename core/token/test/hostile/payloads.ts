import { Buffer } from 'node:buffer'
import type { TokenErrorCode } from '@jotwarden/token'
import { CANARY, es256, hs256, segment, signedTexts } from '../samples.ts'
import type { HostileToken } from './hostile-token.ts'

/** Signed payloads that are no JSON object of one meaning (RFC 7519 §7.2, RFC 7493 §2). */
export function payloadAttacks(): readonly HostileToken[] {
  return [...duplicates(), ...notObjects(), ...notJson(), ...notUtf8(), ...bounds(), ...nested()]
}

function duplicates(): HostileToken[] {
  return [
    '{"sub":"a","sub":"b"}',
    '{"sub":"a","sub":"a"}',
    '{"exp":1,"iss":"x","exp":9}',
    '{"sub":"a","\\u0073ub":"b"}',
    '{"\\u0073ub":"a","s\\u0075b":"b"}',
    '{"cnf":{"jkt":"a","jkt":"b"}}',
    '{"act":{"act":{"sub":"a","sub":"b"}}}',
    '{"a":[{"b":1},{"b":1,"b":2}]}',
    '{"a":{},"a":{}}',
    '{"":1,"":2}',
    '{"\\n":1,"\\u000a":2}',
    '{"/":1,"\\/":2}',
    '{"1":1,"1":2}',
  ].map((payload) => signed(payload, 'token/duplicate-member'))
}

function notObjects(): HostileToken[] {
  return ['[]', '[{"sub":"a"}]', 'null', 'true', '1', '"text"', `"${CANARY}"`].map((payload) =>
    signed(payload, 'token/json'),
  )
}

function notJson(): HostileToken[] {
  const texts = [
    '',
    ' ',
    '{',
    '}',
    '{"a"}',
    '{"a":}',
    '{"a":1',
    '{"a":1}}',
    '{"a":1}{"b":2}',
    '{"a":1} x',
    '{"a":1}\0',
    '{"a":1,}',
    '{,}',
    "{'a':1}",
    '{a:1}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":0x10}',
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":-Infinity}',
    '{"a":undefined}',
    '{"a":1/*c*/}',
    '// c\n{"a":1}',
    '{"a":"\n"}',
    '{"a":"\\x41"}',
    '{"a":"\\u00"}',
    '{"a":"b}',
    '{"a":[1,]}',
    '{"a":[1}',
    '{"a":True}',
    '\ufeff{"a":1}',
    '\u00a0{"a":1}',
    '{"a":1}\u2028',
    '{"a":tru}',
  ]
  const values = [
    '{"a":1e400}',
    '{"a":-1e400}',
    '{"a":[1e309]}',
    '{"a":"\\ud800"}',
    '{"a":"\\udc00\\ud800"}',
    '{"\\ud800":1}',
    '{"a":["\\udfff"]}',
    '{"__proto__":{"admin":true}}',
    '{"a":{"__proto__":1}}',
    '{"\\u005f_proto__":1}',
    '{"__proto__":null}',
    `{"${CANARY}":1e999}`,
  ]
  return [...texts, ...values].map((payload) => signed(payload, 'token/json'))
}

function notUtf8(): HostileToken[] {
  const inside = (...bytes: readonly number[]): Uint8Array =>
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')])
  const texts: readonly (readonly [string, Uint8Array])[] = [
    ['a byte of no character', inside(0xff)],
    ['a lone continuation', inside(0x80)],
    ['a cut character', inside(0xe2, 0x82)],
    ['an overlong slash', inside(0xc0, 0xaf)],
    ['an overlong NUL', inside(0xc0, 0x80)],
    ['an encoded surrogate', inside(0xed, 0xa0, 0x80)],
    ['a character beyond Unicode', inside(0xf4, 0x90, 0x80, 0x80)],
    ['Latin-1', inside(0xe9)],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['UTF-16 with a mark', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['the mark of UTF-8', Buffer.from('\ufeff{"a":1}', 'utf8')],
  ]
  return texts.map(([title, payload]) => ({ ...signed(payload, 'token/json'), title: `payload of ${title}` }))
}

function bounds(): HostileToken[] {
  const deep = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
  const nest = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const wide = (members: number): string =>
    `{${Array.from({ length: members }, (_, at) => `"${at}":0`).join(',')}}`
  const opened = `{"a":${'['.repeat(10_000)}`
  return [deep(17), nest(17), deep(1000), nest(1000), wide(1025), opened].map((payload) =>
    signed(payload, 'token/json'),
  )
}

function nested(): HostileToken[] {
  const inner = signedTexts('{"alg":"ES256"}', '{"sub":"a"}', es256)
  return [signed(inner, 'token/json'), signed(segment('{"sub":"a"}'), 'token/json')]
}

function signed(payload: string | Uint8Array, code: TokenErrorCode): HostileToken {
  const header = JSON.stringify({ alg: 'HS256', kid: hs256.kid })
  const title = typeof payload === 'string' ? JSON.stringify(payload.slice(0, 60)) : 'bytes'
  return {
    title: `payload ${title}`,
    token: signedTexts(header, payload, hs256),
    keys: hs256.verifyKey,
    code,
  }
}
