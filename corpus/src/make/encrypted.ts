import { Buffer } from 'node:buffer'
import { deflateRawSync } from 'node:zlib'
import type { Expected, HostileCase } from '../hostile-case.ts'
import { caseGroup, policy } from './case-group.ts'
import { type JweParts, JweWorkshop, jwe } from './jwe-workshop.ts'
import { claimsText, segment, type Workshop } from './workshop.ts'

/** Encrypted tokens, given to `decrypt` and, where something is nested, to `decryptThenVerify`. */
export function encrypted(shop: Workshop): readonly HostileCase[] {
  const made = new JweWorkshop(shop)
  return [
    ...controls(made, shop),
    ...forms(made, shop),
    ...headers(made),
    ...keysAndTags(made),
    ...agreement(made),
    ...work(made),
    ...nested(made, shop),
  ]
}

type Case = readonly [what: string, title: string, token: string, verdict: string, key: string, why?: string]

function cases(why: string, list: readonly Case[]): readonly HostileCase[] {
  return list.flatMap(([what, title, token, verdict, key, own]) =>
    group(what, title, token, { decrypt: verdict }, [key], own ?? why),
  )
}

function group(
  what: string,
  title: string,
  token: string,
  expect: Expected,
  keys: readonly string[],
  why: string,
): readonly HostileCase[] {
  const [one] = caseGroup('jwe', why, [[what, title, token, 'token/encrypted', { keys, policy, why }]])
  return one === undefined ? [] : [{ ...one, expect }]
}

function controls(made: JweWorkshop, shop: Workshop): readonly HostileCase[] {
  const text = claimsText()
  const signed = shop.token()
  const inner = made.direct('enc-dir', made.header('enc-dir', { cty: 'JWT' }), signed)
  return [
    ...cases('RFC 7516, RFC 7518 §4', [
      ['control-dir', 'dir', jwe(made.direct('enc-dir', made.header('enc-dir'), text)), 'accept', 'enc-dir'],
      ['control-cbc', 'dir with CBC and HMAC', jwe(cbc(made)), 'accept', 'enc-dir-cbc'],
      ['control-kw', 'A256KW', jwe(made.wrapped(made.header('enc-kw'), text)), 'accept', 'enc-kw'],
      ['control-gcmkw', 'A256GCMKW', jwe(made.gcmWrapped({}, text)), 'accept', 'enc-gcmkw'],
      ['control-ecdh', 'ECDH-ES on P-256', jwe(made.agreed('enc-ecdh', {}, text)), 'accept', 'enc-ecdh'],
      [
        'control-x25519',
        'ECDH-ES on X25519',
        jwe(made.agreed('enc-x25519', {}, text)),
        'accept',
        'enc-x25519',
      ],
      [
        'control-apu-apv',
        'both parties named',
        jwe(made.agreed('enc-ecdh', { apu: segment('Alice'), apv: segment('Bob') }, text)),
        'accept',
        'enc-ecdh',
      ],
      ['control-rsa', 'RSA-OAEP-256', jwe(made.rsa(made.header('enc-rsa'), text)), 'accept', 'enc-rsa'],
      [
        'control-unread',
        'keys in the header, which nobody reads',
        jwe(
          made.direct('enc-dir', made.header('enc-dir', { jku: 'https://attacker.example/', jwk: {} }), text),
        ),
        'accept',
        'enc-dir',
      ],
    ]),
    ...group(
      'control-nested',
      'a signed token inside',
      jwe(inner),
      { decrypt: 'accept', nested: 'accept' },
      ['enc-dir', 'es256'],
      'RFC 7519 §5.2',
    ),
  ]
}

function cbc(made: JweWorkshop): JweParts {
  return made.direct('enc-dir-cbc', made.header('enc-dir-cbc'), claimsText())
}

function forms(made: JweWorkshop, shop: Workshop): readonly HostileCase[] {
  const parts = made.direct('enc-dir', made.header('enc-dir'), claimsText())
  const token = jwe(parts)
  const [head = '', , iv = '', text = '', tag = ''] = token.split('.')
  const flattened = JSON.stringify({ protected: head, iv, ciphertext: text, tag })
  const twice = parts.header.replace('{', '{"alg":"dir",')
  const escaped = parts.header.replace('{', '{"\\u0065nc":"A256GCM",')
  const why = 'RFC 7516 §5.2, RFC 8725bis §3.14'
  return cases(why, [
    ['jws', 'a signed token', shop.token(), 'jwe/not-encrypted', 'enc-dir', 'RFC 7516 §9'],
    ['four-parts', 'four parts', `${head}.${iv}.${text}.${tag}`, 'token/malformed', 'enc-dir'],
    ['six-parts', 'a sixth part', `${token}.AAAA`, 'token/malformed', 'enc-dir'],
    ['four-dots', 'four dots', '....', 'token/json', 'enc-dir'],
    [
      'million-dots',
      'a million dots',
      '.'.repeat(1_000_000),
      'token/too-large',
      'enc-dir',
      'CVE-2025-27144 class',
    ],
    ['flattened', 'flattened JSON', flattened, 'token/malformed', 'enc-dir', 'RFC 7516 §7.2'],
    [
      'polyglot',
      'JSON with the five parts inside',
      `{"${head}":".${iv}.${text}.${tag}"}`,
      'token/malformed',
      'enc-dir',
      'CVE-2022-39227 class, for JWE',
    ],
    [
      'polyglot-five',
      'JSON that also splits into five parts',
      `{"${head}":"..${iv}.${text}.${tag}"}`,
      'token/base64url',
      'enc-dir',
      'CVE-2022-39227 class, for JWE',
    ],
    ['padding', 'padding behind the tag', `${token}==`, 'token/base64url', 'enc-dir'],
    ['bits', 'unused bits in the tag', nextCharacter(token), 'token/base64url', 'enc-dir'],
    ['line-break', 'a line break behind it', `${token}\n`, 'token/base64url', 'enc-dir'],
    ['twice', 'alg twice', jwe(made.direct('enc-dir', twice, 'x')), 'token/duplicate-member', 'enc-dir'],
    [
      'twice-escaped',
      'enc twice, escaped',
      jwe(made.direct('enc-dir', escaped, 'x')),
      'token/duplicate-member',
      'enc-dir',
    ],
  ])
}

function headers(made: JweWorkshop): readonly HostileCase[] {
  const token = (members: Readonly<Record<string, unknown>>): string =>
    jwe(made.direct('enc-dir', made.header('enc-dir', members), claimsText()))
  return cases('RFC 7516 §4.1, RFC 8725 §3.1', [
    ['crit', 'a crit', token({ crit: ['exp'] }), 'token/crit', 'enc-dir'],
    ['b64', 'b64', token({ b64: true }), 'token/header', 'enc-dir'],
    ['alg-none', 'alg none', token({ alg: 'none' }), 'token/alg', 'enc-dir'],
    [
      'alg-rsa15',
      'alg RSA1_5',
      token({ alg: 'RSA1_5' }),
      'token/alg',
      'enc-dir',
      'Bleichenbacher: RFC 8725 §3.2',
    ],
    ['alg-rsa-oaep', 'alg RSA-OAEP, which is SHA-1', token({ alg: 'RSA-OAEP' }), 'token/alg', 'enc-dir'],
    ['alg-case', 'alg in other case', token({ alg: 'DIR' }), 'token/alg', 'enc-dir'],
    ['alg-other', 'the alg of another key', token({ alg: 'A256KW' }), 'token/alg', 'enc-dir'],
    [
      'alg-password',
      'a password where none is',
      token({ alg: 'PBES2-HS256+A128KW' }),
      'token/alg',
      'enc-dir',
    ],
    ['enc-other', 'an enc with keys as long', token({ enc: 'A128CBC-HS256' }), 'jwe/enc', 'enc-dir'],
    ['enc-unknown', 'an unknown enc', token({ enc: 'A256CTR' }), 'jwe/enc', 'enc-dir'],
    ['enc-absent', 'no enc', token({ enc: undefined }), 'token/header', 'enc-dir'],
    ['kid-other', 'the kid of no key', token({ kid: 'other' }), 'token/unknown-key', 'enc-dir'],
    ['kid-long', 'a kid of 257 characters', token({ kid: 'k'.repeat(257) }), 'token/header', 'enc-dir'],
  ])
}

function keysAndTags(made: JweWorkshop): readonly HostileCase[] {
  const parts = made.direct('enc-dir', made.header('enc-dir'), claimsText())
  const wrapped = made.wrapped(made.header('enc-kw'), claimsText())
  const rsa = made.rsa(made.header('enc-rsa'), claimsText())
  const oaep = (cek: Uint8Array, hash?: string): string => jwe(made.rsa(rsa.header, claimsText(), cek, hash))
  const blocks = cbc(made)
  const oracle = 'RFC 7516 §11.5: one refusal for whatever is wrong'
  return cases('CVE-2018-1000539: a truncated tag', [
    ['tag-12', 'a tag of 12 bytes', jwe(parts, { tag: parts.tag.subarray(0, 12) }), 'jwe/refused', 'enc-dir'],
    ['tag-4', 'a tag of 4 bytes', jwe(parts, { tag: parts.tag.subarray(0, 4) }), 'jwe/refused', 'enc-dir'],
    ['tag-empty', 'no tag', jwe(parts, { tag: new Uint8Array(0) }), 'jwe/refused', 'enc-dir'],
    [
      'tag-cbc-8',
      'half a tag under CBC',
      jwe(blocks, { tag: blocks.tag.subarray(0, 8) }),
      'jwe/refused',
      'enc-dir-cbc',
    ],
    [
      'gcmkw-tag-4',
      'a key whose tag has 4 bytes',
      jwe(made.gcmWrapped({ tag: 'AAAAAA' }, 'x')),
      'jwe/parameter',
      'enc-gcmkw',
    ],
    [
      'gcmkw-iv-8',
      'a key whose vector has 8 bytes',
      jwe(made.gcmWrapped({ iv: 'AAAAAAAAAAA' }, 'x')),
      'jwe/parameter',
      'enc-gcmkw',
    ],
    [
      'iv-empty',
      'no vector',
      jwe(parts, { iv: new Uint8Array(0) }),
      'jwe/refused',
      'enc-dir',
      'RFC 7518 §5.3',
    ],
    [
      'iv-16',
      'a vector of 16 bytes',
      jwe(parts, { iv: Buffer.alloc(16) }),
      'jwe/refused',
      'enc-dir',
      'RFC 7518 §5.3',
    ],
    [
      'key-under-dir',
      'an encrypted key under dir',
      jwe(parts, { encryptedKey: Buffer.alloc(40) }),
      'jwe/refused',
      'enc-dir',
      'RFC 7516 §5.2 step 10',
    ],
    [
      'key-empty',
      'no encrypted key under A256KW',
      jwe(wrapped, { encryptedKey: new Uint8Array(0) }),
      'jwe/refused',
      'enc-kw',
      oracle,
    ],
    [
      'key-bent',
      'an encrypted key that does not unwrap',
      jwe(wrapped, { encryptedKey: Buffer.alloc(40, 1) }),
      'jwe/refused',
      'enc-kw',
      oracle,
    ],
    [
      'cek-short',
      'a key of 16 bytes for A256GCM',
      jwe(made.wrapped(wrapped.header, 'x', Buffer.alloc(16, 1))),
      'jwe/refused',
      'enc-kw',
      oracle,
    ],
    [
      'rsa-garbage',
      'no OAEP inside',
      jwe(rsa, { encryptedKey: Buffer.alloc(256, 1) }),
      'jwe/refused',
      'enc-rsa',
      oracle,
    ],
    [
      'rsa-cek-short',
      'a key of 16 bytes under OAEP',
      oaep(Buffer.alloc(16, 1)),
      'jwe/refused',
      'enc-rsa',
      oracle,
    ],
    [
      'rsa-cek-other',
      'another key of 32 bytes under OAEP',
      oaep(Buffer.alloc(32, 1)),
      'jwe/refused',
      'enc-rsa',
      oracle,
    ],
    ['rsa-sha1', 'OAEP with SHA-1', oaep(Buffer.alloc(32, 2), 'sha1'), 'jwe/refused', 'enc-rsa', oracle],
    [
      'text-bent',
      'a ciphertext that was changed',
      jwe(parts, { ciphertext: Buffer.alloc(9, 1) }),
      'jwe/refused',
      'enc-dir',
      oracle,
    ],
    [
      'header-bent',
      'a header that was changed',
      jwe(parts, { header: made.header('enc-dir', { x: 1 }) }),
      'jwe/refused',
      'enc-dir',
      oracle,
    ],
  ])
}

function agreement(made: JweWorkshop): readonly HostileCase[] {
  const good = made.agreed('enc-ecdh', {}, claimsText())
  const { epk } = JSON.parse(good.header)
  const p256 = (members: Readonly<Record<string, unknown>>): string =>
    jwe(made.agreed('enc-ecdh', members, 'x'))
  const x25519 = (hex: string): string => {
    const other = { kty: 'OKP', crv: 'X25519', x: Buffer.from(hex, 'hex').toString('base64url') }
    return jwe(made.agreed('enc-x25519', { epk: other }, 'x'))
  }
  const sanso = 'CVE-2017-16007 class: a point off its curve tells the private key'
  const bad = 'jwe/parameter'
  return cases(sanso, [
    ['epk-off-curve', 'a point off its curve', p256({ epk: { ...epk, y: epk.x } }), bad, 'enc-ecdh'],
    [
      'epk-zero',
      'the point of zeros',
      p256({ epk: { ...epk, x: 'A'.repeat(43), y: 'A'.repeat(43) } }),
      bad,
      'enc-ecdh',
    ],
    ['epk-curve', 'another curve', p256({ epk: { ...epk, crv: 'P-384' } }), bad, 'enc-ecdh'],
    ['epk-kty', 'another kty', p256({ epk: { ...epk, kty: 'OKP' } }), bad, 'enc-ecdh'],
    [
      'epk-private',
      'a private key',
      p256({ epk: { ...epk, d: epk.x } }),
      bad,
      'enc-ecdh',
      'RFC 7518 §4.6.1.1',
    ],
    ['epk-absent', 'no epk', p256({ epk: undefined }), bad, 'enc-ecdh', 'RFC 7518 §4.6.1.1'],
    [
      'epk-under-dir',
      'an epk under dir',
      jwe(made.direct('enc-dir', made.header('enc-dir', { epk }), 'x')),
      bad,
      'enc-dir',
    ],
    ['x25519-zero', 'X25519: zero', x25519('00'.repeat(32)), bad, 'enc-x25519', 'RFC 7748 §6.1'],
    ['x25519-one', 'X25519: one', x25519(`01${'00'.repeat(31)}`), bad, 'enc-x25519', 'RFC 7748 §6.1'],
    [
      'x25519-order-8',
      'X25519: a point of order 8',
      x25519('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
      bad,
      'enc-x25519',
      'RFC 7748 §6.1',
    ],
    [
      'apu-apv-same',
      'apu and apv the same',
      p256({ apu: 'QUFB', apv: 'QUFB' }),
      bad,
      'enc-ecdh',
      'RFC 7518 §4.6.2',
    ],
    ['apu-long', 'an apu of 300 bytes', p256({ apu: 'A'.repeat(400) }), bad, 'enc-ecdh', 'RFC 7518 §4.6.1.2'],
    ['apu-bits', 'an apu with unused bits', p256({ apu: 'QR' }), bad, 'enc-ecdh', 'RFC 4648 §3.5'],
  ])
}

function work(made: JweWorkshop): readonly HostileCase[] {
  const password = (members: Readonly<Record<string, unknown>>): string => {
    const parameters = { p2c: 4096, p2s: segment('sixteen bytes...'), ...members }
    const parts = made.direct('enc-dir', made.header('enc-password', parameters), 'x')
    return jwe(parts, { encryptedKey: Buffer.alloc(24, 1) })
  }
  const zipped = (plaintext: Uint8Array): string =>
    jwe(made.direct('enc-dir', made.header('enc-dir', { zip: 'DEF' }), deflateRawSync(plaintext)))
  const counts = 'CVE-2022-36083 class: RFC 8725bis §3.13'
  return cases('RFC 8725bis §3.15', [
    [
      'p2c-highest',
      'two thousand million rounds',
      password({ p2c: 2_147_483_647 }),
      'jwe/parameter',
      'enc-password',
      counts,
    ],
    [
      'p2c-over',
      'a round more than 1,200,000',
      password({ p2c: 1_200_001 }),
      'jwe/parameter',
      'enc-password',
      counts,
    ],
    ['p2c-low', '999 rounds', password({ p2c: 999 }), 'jwe/parameter', 'enc-password', 'RFC 7518 §4.8.1.2'],
    [
      'p2c-text',
      'a count that is a text',
      password({ p2c: '4096' }),
      'jwe/parameter',
      'enc-password',
      counts,
    ],
    [
      'p2s-short',
      'a salt of 7 bytes',
      password({ p2s: segment('seven b') }),
      'jwe/parameter',
      'enc-password',
      'RFC 7518 §4.8.1.1',
    ],
    [
      'p2c-under-dir',
      'a count under dir',
      jwe(made.direct('enc-dir', made.header('enc-dir', { p2c: 2_147_483_647 }), 'x')),
      'jwe/parameter',
      'enc-dir',
      counts,
    ],
    ['zip', 'compressed claims', zipped(Buffer.from(claimsText())), 'jwe/zip', 'enc-dir'],
    [
      'zip-bomb',
      'ten megabytes of zeros, compressed',
      zipped(Buffer.alloc(10_000_000)),
      'jwe/zip',
      'enc-dir',
      'CVE-2024-28176 class',
    ],
    [
      'zip-unknown',
      'an unknown zip',
      jwe(made.direct('enc-dir', made.header('enc-dir', { zip: 'GZIP' }), 'x')),
      'jwe/zip',
      'enc-dir',
    ],
  ])
}

function nested(made: JweWorkshop, shop: Workshop): readonly HostileCase[] {
  const within = (inner: string, members: Readonly<Record<string, unknown>> = { cty: 'JWT' }): string =>
    jwe(made.direct('enc-dir', made.header('enc-dir', members), inner))
  const unsigned = `${segment('{"alg":"none"}')}.${segment(claimsText())}.`
  const list: readonly (readonly [
    what: string,
    title: string,
    token: string,
    verdict: string,
    why: string,
  ])[] = [
    ['nested-unsigned', 'an unsigned token inside', within(unsigned), 'jwe/nested', 'CVE-2026-29000'],
    [
      'nested-none',
      'alg none with a signature inside',
      within(`${unsigned}AAAA`),
      'token/alg',
      'CVE-2026-29000 class',
    ],
    ['nested-claims', 'bare claims inside', within(claimsText()), 'jwe/nested', 'RFC 8725 §3.3'],
    ['nested-jwe', 'an encrypted token inside', within(within(shop.token())), 'jwe/nested', 'RFC 8725 §3.3'],
    [
      'nested-attacker',
      'a token of another signer inside',
      within(shop.token({}, {}, 'attacker')),
      'token/signature',
      'RFC 8725 §3.3: both layers',
    ],
    ['nested-no-cty', 'no cty', within(shop.token(), {}), 'jwe/nested', 'RFC 7519 §5.2'],
    [
      'nested-thrice',
      'a third layer announced',
      within(shop.token({ cty: 'JWT' })),
      'token/header',
      'RFC 8725 §3.3',
    ],
    [
      'nested-iss',
      'another issuer in the header',
      within(shop.token(), { cty: 'JWT', iss: 'https://attacker.example' }),
      'jwe/claims-differ',
      'RFC 7519 §5.3',
    ],
    [
      'nested-exp',
      'another end in the header',
      within(shop.token(), { cty: 'JWT', exp: 9_999_999_999 }),
      'jwe/claims-differ',
      'RFC 7519 §5.3',
    ],
    ['nested-jws', 'the signed token alone', shop.token(), 'jwe/not-encrypted', 'RFC 7516 §9'],
  ]
  return list.flatMap(([what, title, token, verdict, why]) =>
    group(what, title, token, { nested: verdict }, ['enc-dir', 'es256'], why),
  )
}

/** The last character one further: canonical ones are far apart, since a tag leaves four bits unused. */
function nextCharacter(token: string): string {
  return token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1)
}
