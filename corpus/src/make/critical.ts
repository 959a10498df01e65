import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { claimsText, headerText, type Members, segment, type Workshop } from './workshop.ts'

/** Headers that ask for an understanding that nobody here has. */
export function critical(shop: Workshop): readonly HostileCase[] {
  return caseGroup('crit', 'RFC 7515 §4.1.11, RFC 7797 §6, §7; CVE-2025-59420 class', [
    ...crits.map(([what, title, header]): Short => [what, title, shop.token(header), 'token/crit']),
    ...members.map(([what, title, header]): Short => [what, title, shop.token(header), 'token/header']),
    ['b64-raw', 'b64: false with the payload as it is', rawPayload(shop), 'token/base64url'],
    [
      'b64-raw-letters',
      'b64: false with a payload that reads as base64url too',
      rawLetters(shop),
      'token/crit',
    ],
    [
      'control-unknown',
      'an unknown member that is not critical is ignored',
      shop.token({ 'x-note': 'b64' }),
      'accept',
    ],
  ])
}

/** RFC 7797 §5.2. */
function rawPayload(shop: Workshop): string {
  return shop.signedSegments(
    segment(headerText({ b64: false, crit: ['b64'] })),
    claimsText().replaceAll('.', '%2e'),
    'es256',
  )
}

function rawLetters(shop: Workshop): string {
  return shop.signedSegments(
    segment(headerText({ b64: false, crit: ['b64'] })),
    segment(claimsText()),
    'es256',
  )
}

const crits: readonly (readonly [what: string, title: string, header: Members])[] = [
  [
    'unknown',
    'an extension that nobody knows',
    { crit: ['http://example.com/UNDEFINED'], 'http://example.com/UNDEFINED': true },
  ],
  ['exp', 'crit names exp', { crit: ['exp'], exp: 1_800_000_600 }],
  [
    'b64-false',
    'crit and b64: false over a payload in base64url',
    { crit: ['b64'], b64: false, cty: 'text' },
  ],
  ['b64-true', 'crit and b64: true', { crit: ['b64'], b64: true }],
  ['absent', 'crit names a member that is not there', { crit: ['b64'] }],
  ['empty', 'crit is an empty list', { crit: [] }],
  ['null', 'crit is null', { crit: null }],
  ['text', 'crit is a text', { crit: 'b64' }],
  ['empty-text', 'crit is an empty text', { crit: '' }],
  ['object', 'crit is an object', { crit: {} }],
  ['number', 'crit holds a number', { crit: [1] }],
  ['twice', 'crit names one extension twice', { crit: ['exp', 'exp'], exp: 1 }],
  ['registered', 'crit names alg, which may not stand there', { crit: ['alg'] }],
  ['inherited', 'crit names a property that every object has', { crit: ['toString'] }],
]

const members: readonly (readonly [what: string, title: string, header: Members])[] = [
  ['b64-alone', 'b64: false without crit', { b64: false }],
  ['b64-alone-true', 'b64: true without crit', { b64: true }],
  ['enc', 'enc in a signed token', { enc: 'A256GCM' }],
  ['zip', 'zip in a signed token', { zip: 'DEF' }],
  ['p2c', 'p2c in a signed token', { p2c: 2_147_483_647 }],
]
