import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { claimsText, headerText, segment, type Workshop } from './workshop.ts'

/** Second spellings of the same bytes, in each segment; where the signature covers the spelling, it was made over it. */
export function base64url(shop: Workshop): readonly HostileCase[] {
  const spelled = bends.flatMap(([what, title, bend]) => [
    bentHeader(shop, what, title, bend),
    bentPayload(shop, what, title, bend),
    bentSignature(shop, what, title, bend),
  ])
  return caseGroup(
    'base64url',
    'RFC 7515 §2, RFC 4648 §3.5, draft-ietf-oauth-rfc8725bis: only [A-Za-z0-9_.-]',
    [
      ...spelled,
      ['escaped-dot', 'a dot written %2E', shop.token().replace('.', '%2E'), 'token/malformed'],
      ['wide-dot', 'a full-width dot', shop.token().replace('.', '\uff0e'), 'token/malformed'],
      ['zero-width', 'a zero-width space inside', insert(shop.token(), 30, '\u200b'), BAD],
      [
        'lookalike',
        'a letter of another script that only looks the same',
        insert(shop.token(), 30, '\u0410'),
        BAD,
      ],
      ['nul', 'a NUL at the end', `${shop.token()}\u0000`, BAD],
      ['bom', 'a byte order mark in front', `\ufeff${shop.token()}`, BAD],
      ['control', 'the one spelling', good(shop), 'accept'],
    ],
  )
}

type Bend = (segment: string) => string

// Both texts are two bytes over a multiple of three in the header, one over in the payload: each has unused bits
const HEADER = padTo(headerText(), 2)
const PAYLOAD = padTo(claimsText(), 1)

/** JSON allows spaces before the last brace. */
function padTo(text: string, rest: number): string {
  let padded = text
  while (padded.length % 3 !== rest) padded = padded.replace(/\}$/, ' }')
  return padded
}

const good = (shop: Workshop): string => shop.signedTexts(HEADER, PAYLOAD)

function bentHeader(shop: Workshop, what: string, title: string, bend: Bend): Short {
  const token = shop.signedSegments(bend(segment(HEADER)), segment(PAYLOAD), 'es256')
  return [`header-${what}`, `the header ${title}, signed so`, token, BAD]
}

function bentPayload(shop: Workshop, what: string, title: string, bend: Bend): Short {
  const token = shop.signedSegments(segment(HEADER), bend(segment(PAYLOAD)), 'es256')
  return [`payload-${what}`, `the payload ${title}, signed so`, token, BAD]
}

function bentSignature(shop: Workshop, what: string, title: string, bend: Bend): Short {
  const token = good(shop)
  const at = token.lastIndexOf('.') + 1
  return [`signature-${what}`, `the signature ${title}`, token.slice(0, at) + bend(token.slice(at)), BAD]
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at)
}

const nextBit: Bend = (text) => text.slice(0, -1) + ALPHABET[ALPHABET.indexOf(text.slice(-1)) + 1]

const bends: readonly (readonly [what: string, title: string, bend: Bend])[] = [
  ['padded', 'with its padding', (text) => text + '='.repeat((4 - (text.length % 4)) % 4)],
  ['loose-bits', 'with an unused bit set', nextBit],
  [
    'one-more',
    'with one character more than any bytes have',
    (text) => `${text}${'A'.repeat((5 - (text.length % 4)) % 4)}`,
  ],
  ['space', 'with a space in it', (text) => insert(text, 8, ' ')],
  ['line-end', 'with a line end behind it', (text) => `${text}\n`],
  ['plain', 'with a + of plain base64 in it', (text) => insert(text, 8, '+')],
]

const BAD = 'token/base64url'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
