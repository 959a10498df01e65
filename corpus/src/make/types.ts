import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { goodClaims, type Members, NOW, type Workshop } from './workshop.ts'

/** Tokens of another kind, well signed by the same issuer, presented as access tokens. */
export function types(shop: Workshop): readonly HostileCase[] {
  return caseGroup('typ', 'RFC 8725 §3.11, §3.12, RFC 9068 §4', [
    ...typs.map(([what, title, typ]): Short => [what, title, shop.token({ typ }), 'wrong-typ']),
    ...kinds.map(
      ([what, title, typ, claims]): Short => [
        what,
        title,
        shop.signedTexts(header(typ), JSON.stringify(claims)),
        'wrong-typ',
        // Where several issuers are known, the token of another is led to none of them
        claims.iss === iss ? {} : { expect: { several: 'wrong-issuer' } },
      ],
    ),
    ...refused.map(([what, title, members]): Short => [what, title, shop.token(members), 'token/header']),
    [
      'nested',
      'a whole token as the payload of another',
      nested(shop),
      'token/header',
      { why: 'RFC 7519 §5.2, RFC 8725 §2.8' },
    ],
    ['nested-silent', 'the same without cty', nestedSilent(shop), 'token/json', { why: 'RFC 7519 §7.2' }],
    [
      'id-as-access',
      'an ID token that says it is an access token',
      shop.token({}, { client_id: undefined, jti: undefined, scope: undefined, nonce: 'n-1' }),
      'missing-claim',
    ],
    [
      'nonce',
      'an access token with the nonce of an ID token',
      shop.token({}, { nonce: 'n-1' }),
      'forbidden-claim',
    ],
    [
      'events',
      'an access token with the events of a logout token',
      shop.token({}, { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
      'forbidden-claim',
    ],
    ['control-upper', 'AT+JWT: types are compared without case', shop.token({ typ: 'AT+JWT' }), 'accept'],
    ['control-long', 'application/at+jwt', shop.token({ typ: 'application/at+jwt' }), 'accept'],
  ])
}

const header = (typ: string): string => JSON.stringify({ alg: 'ES256', typ, kid: 'es-1' })
const nested = (shop: Workshop): string =>
  shop.signedTexts(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', cty: 'JWT', kid: 'es-1' }), shop.token())
const nestedSilent = (shop: Workshop): string => shop.signedTexts(header('at+jwt'), shop.token())

const typs: readonly (readonly [what: string, title: string, typ: unknown])[] = [
  ['absent', 'no typ', undefined],
  ['jwt', 'typ JWT', 'JWT'],
  ['empty', 'an empty typ', ''],
  ['space', 'at+jwt and a space', 'at+jwt '],
  ['parameter', 'at+jwt with a parameter', 'at+jwt; charset=utf-8'],
  ['application-twice', 'application/application/at+jwt', 'application/application/at+jwt'],
  ['other-tree', 'text/at+jwt', 'text/at+jwt'],
  ['nul', 'at+jwt and a NUL', 'at+jwt\u0000'],
  ['unicode', 'at+jwt with a letter that only looks like it', '\u0430t+jwt'],
]

const { iss, sub, aud } = goodClaims
const times = { iat: NOW - 10, exp: NOW + 100 }
const kinds: readonly (readonly [what: string, title: string, typ: string, claims: Members])[] = [
  ['id-token', 'an ID token', 'JWT', { iss, sub, aud, ...times, nonce: 'n-1' }],
  [
    'logout-token',
    'a logout token',
    'logout+jwt',
    {
      iss,
      sub,
      aud,
      ...times,
      jti: 'l-1',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    },
  ],
  [
    'dpop-proof',
    'a DPoP proof',
    'dpop+jwt',
    { jti: 'd-1', htm: 'GET', htu: 'https://api.example/', iat: NOW },
  ],
  [
    'client-assertion',
    'a client assertion',
    'client-authentication+jwt',
    { iss: 'client-1', sub: 'client-1', aud: iss, ...times, jti: 'c-1' },
  ],
  [
    'security-event',
    'a security event token',
    'secevent+jwt',
    { iss, aud, iat: NOW, jti: 's-1', events: { a: {} }, sub_id: { format: 'opaque', id: '1' } },
  ],
]

const refused: readonly (readonly [what: string, title: string, header: Members])[] = [
  ['number', 'a number for typ', { typ: 1 }],
  ['list', 'a list for typ', { typ: ['at+jwt', 'JWT'] }],
  ['null', 'null for typ', { typ: null }],
  ['cty-jwt', 'cty says that a token is inside, and none is', { cty: 'application/jwt' }],
]
