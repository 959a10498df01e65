import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { claimsText, headerText, NOW, type Workshop } from './workshop.ts'

/** Times of every wrong type and size, well signed. */
export function times(shop: Workshop): readonly HostileCase[] {
  return caseGroup('time', 'RFC 7519 §2 NumericDate, §4.1.4-4.1.6; CVE-2026-25537 class', [
    ...(['exp', 'nbf', 'iat'] as const).flatMap((claim) => wrongTypes(shop, claim)),
    ...outOfRange.map(
      ([what, title, claims, reason]): Short => [what, title, shop.token({}, claims), reason],
    ),
    ...accepted.map(
      ([what, title, claims]): Short => [`control-${what}`, title, shop.token({}, claims), 'accept'],
    ),
  ])
}

function wrongTypes(shop: Workshop, claim: 'exp' | 'nbf' | 'iat'): readonly Short[] {
  // A time that would be right, in every spelling that is wrong
  const right = claim === 'exp' ? NOW + 600 : NOW - 60
  const values: readonly (readonly [what: string, title: string, json: string, verdict: string])[] = [
    ['text', 'a text', `"${right}"`, 'malformed-claim'],
    ['null', 'null', 'null', 'malformed-claim'],
    ['true', 'true', 'true', 'malformed-claim'],
    ['list', 'a list of one number', `[${right}]`, 'malformed-claim'],
    ['negative', 'a negative number', '-1', 'malformed-claim'],
    ['huge', '1e308', '1e308', 'malformed-claim'],
    ['beyond', '2^53 + 1', '9007199254740993', 'malformed-claim'],
    ['infinite', '1e400', '1e400', 'token/json'],
    ['milliseconds', 'in milliseconds', `${right}000`, MILLISECONDS[claim]],
  ]
  return values.map(([what, title, json, verdict]) => {
    const payload = claimsText({ [claim]: 0 }).replace(`"${claim}":0`, `"${claim}":${json}`)
    return [`${claim}-${what}`, `${claim} is ${title}`, shop.signedTexts(headerText(), payload), verdict]
  })
}

const MILLISECONDS = { exp: 'lifetime-too-long', nbf: 'not-yet-valid', iat: 'issued-in-future' } as const

type Timed = readonly [what: string, title: string, claims: Readonly<Record<string, unknown>>]

const outOfRange: readonly (readonly [...Timed, reason: string])[] = [
  ['exp-absent', 'no exp', { exp: undefined }, 'missing-claim'],
  ['iat-absent', 'no iat', { iat: undefined }, 'missing-claim'],
  ['expired', 'expired, and the skew is over', { exp: NOW - 31, iat: NOW - 600 }, 'expired'],
  [
    'expired-now',
    'expired, with the skew used up to the second',
    { exp: NOW - 30, iat: NOW - 600 },
    'expired',
  ],
  ['expired-long', 'expired long ago', { exp: 1, iat: 0 }, 'expired'],
  ['exp-zero', 'exp is 0', { exp: 0 }, 'expired'],
  ['exp-before-iat', 'ends before it begins', { exp: NOW - 100, iat: NOW - 50 }, 'expired'],
  ['nbf-future', 'not valid before the skew has passed', { nbf: NOW + 31 }, 'not-yet-valid'],
  [
    'iat-future',
    'issued later than the skew explains',
    { iat: NOW + 31, exp: NOW + 600 },
    'issued-in-future',
  ],
  [
    'lifetime',
    'lives a second longer than an access token may',
    { iat: NOW, exp: NOW + 3601 },
    'lifetime-too-long',
  ],
  ['lifetime-decades', 'lives for decades', { exp: 4_000_000_000 }, 'lifetime-too-long'],
]

const accepted: readonly Timed[] = [
  ['last-second', 'expired, within the skew', { exp: NOW - 29, iat: NOW - 600 }],
  ['skewed', 'issued within the skew', { iat: NOW + 30, nbf: NOW + 30, exp: NOW + 600 }],
  ['fraction', 'a fraction of a second, as RFC 7519 §2 allows', { exp: NOW + 600.5, iat: NOW - 0.25 }],
  ['whole-hour', 'an hour, the longest life', { iat: NOW, exp: NOW + 3600 }],
]
