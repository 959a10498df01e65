import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { JweWorkshop, jwe } from './jwe-workshop.ts'
import { claimsText, segment, type Workshop } from './workshop.ts'

/** Texts that are no compact JWS of three parts. */
export function structure(shop: Workshop): readonly HostileCase[] {
  const token = shop.token()
  return caseGroup('structure', 'RFC 7515 §3.1, §7.1, RFC 7519 §7.2', [
    ...dots,
    ...parts(token),
    ...forms(token),
    [
      'encrypted',
      'good claims that anybody may have encrypted',
      jwe(new JweWorkshop(shop).agreed('enc-ecdh', {}, claimsText())),
      'token/encrypted',
      { why: 'CVE-2023-51774 class: what a public key suffices to make is not authenticated' },
    ],
    ...wrapped(token),
    ...sizes(shop),
  ])
}

const bad = 'token/malformed'
const dots: readonly Short[] = [
  ['empty', 'nothing', '', bad],
  ['one-part', 'a word', 'token', bad],
  ['one-dot', 'a dot', '.', bad],
  ['two-dots', 'two dots', '..', 'token/json'],
  ['three-dots', 'three dots', '...', bad],
  ['four-dots', 'four dots', '....', bad],
  ['six-dots', 'six dots', '......', bad],
]

function parts(token: string): readonly Short[] {
  const [head = '', body = '', tail = ''] = token.split('.')
  return [
    ['two-parts', 'header and payload alone', `${head}.${body}`, bad],
    ['four-parts', 'a fourth part', `${token}.AAAA`, bad],
    ['last-dot', 'a dot behind it', `${token}.`, bad],
    ['first-dot', 'a dot in front', `.${token}`, bad],
    [
      'detached',
      'a detached payload',
      `${head}..${tail}`,
      'token/signature',
      { why: 'RFC 7515 Appendix F', expect: { several: 'token/json' } },
    ],
  ]
}

function forms(token: string): readonly Short[] {
  const [head = '', body = '', tail = ''] = token.split('.')
  const flattened = JSON.stringify({ payload: body, protected: head, signature: tail })
  const general = JSON.stringify({ payload: body, signatures: [{ protected: head, signature: tail }] })
  return [
    ['flattened', 'flattened JSON', flattened, bad],
    ['general', 'general JSON', general, bad],
    [
      'polyglot',
      'JSON with a compact token inside',
      polyglot(token),
      'token/base64url',
      { why: 'CVE-2022-39227: a JSON serialization that reads as a compact token' },
    ],
    [
      'jwe',
      'five parts, as a JWE has',
      `${head}.AAAA.${body}.AAAA.${tail}`,
      'token/encrypted',
      { why: 'RFC 7516 §9: JWS and JWE are told apart' },
    ],
    ['two-tokens', 'two tokens with a comma', `${token},${token}`, bad],
  ]
}

function wrapped(token: string): readonly Short[] {
  return [
    ['bearer', 'the scheme left in front', `Bearer ${token}`, 'token/base64url'],
    [
      'space-front',
      'a space in front',
      ` ${token}`,
      'token/base64url',
      {
        why: 'RFC 9110 §11.4 allows more than one space behind the scheme; a token has none',
        expect: { authenticate: 'accept' },
      },
    ],
    ['quoted', 'in quotation marks', `"${token}"`, 'token/base64url'],
  ]
}

function sizes(shop: Workshop): readonly Short[] {
  return [
    [
      'dots',
      'ten thousand dots',
      '.'.repeat(10_000),
      bad,
      { why: 'CVE-2025-30204, CVE-2025-27144 class: splitting costs memory' },
    ],
    [
      'million-dots',
      'a million dots',
      '.'.repeat(1_000_000),
      'token/too-large',
      { why: 'CVE-2025-30204, CVE-2025-27144 class: the size comes first' },
    ],
    [
      'megabyte',
      'a good token of a megabyte',
      shop.token({}, { x: 'x'.repeat(750_000) }),
      'token/too-large',
      { why: 'the size comes first' },
    ],
    [
      'too-long',
      'a good token of 16,385 characters or more',
      shop.token({}, { x: 'x'.repeat(12_100) }),
      'token/too-large',
      { why: 'the size comes first' },
    ],
    ['control-long', 'a good token of 10,000 characters', shop.token({}, { x: 'x'.repeat(7_200) }), 'accept'],
  ]
}

/** The compact token hides in the value of a member that JSON readers skip. */
function polyglot(token: string): string {
  const [head = '', body = '', tail = ''] = token.split('.')
  return `{"${head}":"x.${body}.${tail}","payload":"${segment(claimsText({ sub: 'admin' }))}"}`
}
