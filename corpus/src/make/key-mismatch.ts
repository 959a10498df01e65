import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { claimsText, headerText, segment, type Workshop } from './workshop.ts'

/** Keys whose members disagree with one another or with the token, and sets that no issuer may publish. */
export function keyMismatch(shop: Workshop): readonly HostileCase[] {
  return caseGroup('key-mismatch', 'RFC 7517 §4.2-4.5, RFC 8725 §3.1, §3.4', [
    ...mislabelled.map(([key, title, code]) => labelled(shop, key, title, code)),
    ...noPoints.map(([key, title]) => noPoint(shop, key, title)),
    ...otherCurves.map(([key, title]) => otherCurve(shop, key, title)),
    ...sets(shop),
    [
      'control-no-alg',
      'a P-256 key that names no algorithm: its curve has but one',
      shop.token(),
      'accept',
      { keys: ['es256-no-alg'] },
    ],
    [
      'control-no-kid',
      'a key without kid and a token without',
      shop.token({ kid: undefined }),
      'accept',
      { keys: ['es256-no-kid'] },
    ],
  ])
}

/** A good token by a good key that is told wrongly. */
function labelled(shop: Workshop, key: string, title: string, code: string): Short {
  return [key, title, shop.token(), 'token/unknown-key', { keys: [key], expect: { import: code } }]
}

function noPoint(shop: Workshop, key: string, title: string): Short {
  const why = 'RFC 8725 §3.4: inputs to elliptic curves are checked'
  return [
    key,
    title,
    shop.token(),
    'token/unknown-key',
    { why, keys: [key], expect: { import: 'key/malformed' } },
  ]
}

/** ES256 means P-256: the signature is true under the key that the set holds, and of the wrong curve. */
function otherCurve(shop: Workshop, key: string, title: string): Short {
  const jwk = shop.keys[key]?.jwk ?? {}
  const input = `${segment(headerText({}, jwk))}.${segment(claimsText())}`
  const signs = jwk.crv !== 'X25519'
  const alg = jwk.crv === 'Ed448' ? 'EdDSA' : 'ES256'
  const signature = signs
    ? shop.keep(`${key} ${input}`, () => shop.signature(key, input, alg))
    : new Uint8Array(64)
  const over = {
    why: 'RFC 7518 §3.4, RFC 9864: one curve for each name',
    keys: [key],
    expect: { import: 'key/mismatch' },
  }
  return [key, title, `${input}.${segment(signature)}`, 'token/unknown-key', over]
}

function sets(shop: Workshop): readonly Short[] {
  const spoiled = (code: string): object => ({
    expect: { verifier: 'verifier/options', authenticate: 'verifier/options', verify: code },
  })
  return [
    [
      'oct-in-set',
      'a symmetric key among public ones',
      shop.token(),
      'key/private-in-public-set',
      { keys: ['es256', 'oct-beside'], ...spoiled('key/private-in-public-set') },
    ],
    [
      'oct-in-set-signs',
      'HS256 by the symmetric key of a public set',
      shop.token({}, {}, 'oct-beside'),
      'key/private-in-public-set',
      { keys: ['es256', 'oct-beside'], ...spoiled('key/private-in-public-set') },
    ],
    [
      'private-in-set',
      'a private key in a public set',
      shop.token(),
      'key/private-in-public-set',
      {
        keys: ['es256-private'],
        expect: {
          import: 'key/private-in-public-set',
          verify: 'key/private-in-public-set',
          verifier: 'verifier/options',
          authenticate: 'verifier/options',
        },
      },
    ],
    [
      'kid-twice',
      'two keys of one kid and algorithm, the first of them an attacker’s',
      shop.token(),
      'key/malformed',
      { keys: ['attacker', 'es256'], ...spoiled('key/malformed') },
    ],
    [
      'too-many-keys',
      'a set of 101 keys',
      shop.token(),
      'key/malformed',
      { keys: [...Array(100).fill('es256-for-encryption'), 'es256'], ...spoiled('key/malformed') },
    ],
    ['empty-set', 'a set without keys', shop.token(), 'token/unknown-key', { keys: [] }],
  ]
}

const mislabelled = [
  ['es256-for-encryption', 'use is enc', 'key/mismatch'],
  ['es256-for-signing', 'key_ops has sign alone', 'key/mismatch'],
  ['es256-twice-verify', 'key_ops says verify twice', 'key/malformed'],
  ['es256-named-rs256', 'a P-256 key whose alg is RS256', 'key/mismatch'],
  ['es256-named-es384', 'a P-256 key whose alg is ES384', 'key/mismatch'],
  ['es256-named-hs256', 'a P-256 key whose alg is HS256', 'key/mismatch'],
  ['es256-kty-rsa', 'a P-256 key whose kty is RSA', 'key/mismatch'],
  ['es256-kid-number', 'a kid that is a number', 'key/malformed'],
  ['es256-kid-empty', 'a kid of no characters', 'key/malformed'],
] as const

const noPoints = [
  ['es256-off-curve', 'a point that is not on P-256'],
  ['es256-zero', 'the point (0, 0)'],
  ['es256-short-x', 'a coordinate of 31 bytes'],
  ['es256-padded-x', 'a coordinate with padding'],
] as const

const otherCurves = [
  ['p384-as-es256', 'ES256 by a P-384 key'],
  ['p521-as-es256', 'ES256 by a P-521 key'],
  ['secp256k1-as-es256', 'ES256 by a secp256k1 key'],
  ['ed448-as-ed25519', 'Ed25519 by an Ed448 key'],
  ['x25519-as-ed25519', 'Ed25519 under an X25519 key'],
] as const
