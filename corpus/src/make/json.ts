import { Buffer } from 'node:buffer'
import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { type Bytes, claimsText, headerText, type Workshop } from './workshop.ts'

/** Well signed headers and payloads that two readers may read differently, or one of them not at all. */
export function json(shop: Workshop): readonly HostileCase[] {
  const good = claimsText()
  return caseGroup('json', 'RFC 8259 §4, §8, RFC 7493 §2, RFC 7519 §4', [
    ...twice.map(([what, title, more]) => duplicate(shop, what, title, good.replace('{', `{${more},`))),
    ...headerTwice.map(([what, title, more]) => duplicateHeader(shop, what, title, more)),
    ...texts(good).map(
      ([what, title, payload]): Short => [what, title, shop.signedTexts(headerText(), payload), 'token/json'],
    ),
    ...headers(shop),
    [
      'control-deep',
      'a payload nested as deep as is allowed',
      shop.signedTexts(headerText(), good.replace('{', `{"x":${nest(15)},`)),
      'accept',
    ],
    [
      'control-unicode',
      'a subject in another script',
      shop.token({}, { sub: 'Жанна\u2028\u{1f511}' }),
      'accept',
    ],
    [
      'control-same-name',
      'one name in two objects',
      shop.token({}, { x: { sub: 'a' }, y: [{ sub: 'b' }, { sub: 'c' }] }),
      'accept',
    ],
  ])
}

function duplicate(shop: Workshop, what: string, title: string, payload: string): Short {
  return [what, title, shop.signedTexts(headerText(), payload), 'token/duplicate-member', { why: TWICE }]
}

function duplicateHeader(shop: Workshop, what: string, title: string, more: string): Short {
  const token = shop.signedTexts(headerText().replace('{', `{${more},`), claimsText())
  return [what, title, token, 'token/duplicate-member', { why: TWICE }]
}

function headers(shop: Workshop): readonly Short[] {
  const good = headerText()
  const of: readonly (readonly [string, string, Bytes])[] = [
    ['header-bom', 'a header with a byte order mark', `\ufeff${good}`],
    ['header-list', 'a header that is a list', `[${good}]`],
    ['header-empty', 'an empty header', ''],
    ['header-trailing', 'a header with more behind it', `${good}{}`],
    ['header-proto', 'a header with a member __proto__', good.replace('{', '{"__proto__":{"alg":"none"},')],
    ['header-deep', 'a header nested deeper than any is', good.replace('{', `{"x":${nest(8)},`)],
  ]
  return of.map(([what, title, header]) => [
    what,
    title,
    shop.signedTexts(header, claimsText()),
    'token/json',
  ])
}

const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const inside = (good: string, ...bytes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('{"x":"'), Buffer.from(bytes), Buffer.from(`",${good.slice(1)}`)])

function texts(good: string): readonly (readonly [what: string, title: string, payload: Bytes])[] {
  return [
    ['bom', 'a byte order mark in front', `\ufeff${good}`],
    ['utf16', 'UTF-16', Buffer.from(good, 'utf16le')],
    ['bad-utf8', 'a byte that is no UTF-8', inside(good, 0xff)],
    ['overlong', 'an overlong slash', inside(good, 0xc0, 0xaf)],
    ['encoded-surrogate', 'a surrogate in UTF-8', inside(good, 0xed, 0xa0, 0x80)],
    ['lone-surrogate', 'an escaped lone surrogate', good.replace('user-1', '\\ud800')],
    ['swapped-surrogates', 'surrogates the wrong way round', good.replace('user-1', '\\udc00\\ud800')],
    ['nan', 'NaN', good.replace('{', '{"x":NaN,')],
    ['infinity', 'Infinity', good.replace('{', '{"x":Infinity,')],
    ['comment', 'a comment', good.replace('{', '{/* x */')],
    ['trailing', 'another object behind it', `${good}{"sub":"admin"}`],
    ['trailing-nul', 'a NUL behind it', `${good}\u0000`],
    ['trailing-comma', 'a comma before the brace', good.replace(/\}$/, ',}')],
    ['single-quotes', 'single quotes', good.replaceAll('"', "'")],
    ['leading-zero', 'a number with a zero in front', good.replace('{', '{"x":01,')],
    ['huge-number', 'a number beyond every double', good.replace('{', '{"x":1e400,')],
    ['proto', 'a member __proto__', good.replace('{', '{"__proto__":{"admin":true},')],
    ['proto-escaped', 'a member __proto__, escaped', good.replace('{', '{"\\u005f_proto__":{"admin":true},')],
    ['deep', 'nested 17 deep', good.replace('{', `{"x":${nest(16)},`)],
    ['very-deep', 'nested 5,000 deep', good.replace('{', `{"x":${nest(4998)},`)],
    ['wide', '1,025 members', good.replace('{', `{"x":[${'{"a":0},'.repeat(1017)}0],`)],
    ['list', 'a list', `[${good}]`],
    ['null', 'null', 'null'],
    ['string', 'a text', JSON.stringify(good)],
    ['number', 'a number', '1800000600'],
    ['empty', 'nothing', ''],
    ['spaces', 'spaces alone', '   '],
    ['cut', 'an object without its end', good.slice(0, -1)],
  ]
}

const TWICE = 'RFC 7519 §4, RFC 7515 §5.2 step 4: names must be unique, or two readers see two tokens'

const twice: readonly (readonly [what: string, title: string, more: string])[] = [
  ['sub-twice', 'sub twice', '"sub":"admin"'],
  ['sub-twice-same', 'sub twice, the same', '"sub":"user-1"'],
  ['sub-escaped', 'sub twice, once escaped', '"\\u0073ub":"admin"'],
  ['exp-twice', 'exp twice', '"exp":9999999999'],
  ['iss-twice', 'iss twice', '"iss":"https://attacker.example"'],
  ['aud-twice', 'aud twice', '"aud":"https://other.example"'],
  ['nested-twice', 'a name twice in an object inside', '"x":{"role":"user","role":"admin"}'],
  ['list-twice', 'a name twice in an object of a list', '"x":[{"a":1},{"a":1,"\\u0061":2}]'],
  ['empty-twice', 'the empty name twice', '"":1,"":2'],
]

const headerTwice: readonly (readonly [what: string, title: string, more: string])[] = [
  ['alg-twice', 'alg twice, none first', '"alg":"none"'],
  ['alg-escaped', 'alg twice, once escaped', '"\\u0061lg":"none"'],
  ['kid-twice', 'kid twice', '"kid":"other"'],
  ['typ-twice', 'typ twice', '"typ":"JWT"'],
]
