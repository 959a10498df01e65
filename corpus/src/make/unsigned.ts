import type { HostileCase } from '../hostile-case.ts'
import { caseGroup, type Short } from './case-group.ts'
import { claimsText, headerText, segment, type Workshop } from './workshop.ts'

/** Tokens that say themselves that nothing vouches for them. */
export function unsigned(shop: Workshop): readonly HostileCase[] {
  return caseGroup('none', 'RFC 8725 §2.1, §3.1; CVE-2015-9235 and CVE-2015-2951 class', [
    ...spellings.map(spelled),
    ['true-signature', 'alg none over a true ES256 signature', shop.token({ alg: 'none' }), 'token/alg'],
    ['no-last-dot', 'alg none without the second dot', `${input({ alg: 'none' })}`, 'token/malformed'],
    ['no-kid', 'alg none without kid', `${input({ alg: 'none', kid: undefined })}.`, 'token/alg'],
    [
      'garbage-signature',
      'alg none with a signature of garbage',
      `${input({ alg: 'none' })}.AAAA`,
      'token/alg',
    ],
    ['no-alg', 'no alg at all, empty signature', `${input({ alg: undefined })}.`, 'token/header'],
    ['null-alg', 'alg null, empty signature', `${input({ alg: null })}.`, 'token/header'],
    ['list-alg', 'alg ["none"], empty signature', `${input({ alg: ['none'] })}.`, 'token/header'],
    ['unknown-alg', 'an unknown alg and an empty signature', `${input({ alg: 'XS256' })}.`, 'token/alg'],
    ['lower-alg', 'es256 in lower case over a true signature', shop.token({ alg: 'es256' }), 'token/alg'],
    ['stripped', 'a signed token whose signature was taken off', `${input({})}.`, 'token/signature'],
    [
      'hmac-stripped',
      'HS256 without a signature',
      `${input({ alg: 'HS256' })}.`,
      'token/unknown-key',
      byVerifier,
    ],
    ['control', 'the same token with its signature', shop.token(), 'accept'],
  ])
}

function spelled([what, alg]: readonly [string, string]): Short {
  const token = `${segment(headerText().replace('"ES256"', alg))}.${segment(claimsText())}.`
  return [what, `alg ${alg}, empty signature`, token, 'token/alg', { why: SPELLING }]
}

function input(header: Record<string, unknown>): string {
  return `${segment(headerText(header))}.${segment(claimsText())}`
}

const byVerifier = { expect: { verifier: 'token/alg', authenticate: 'token/alg' } }
const SPELLING = 'draft-ietf-oauth-rfc8725bis §2: other spellings of none pass deny-lists'
const spellings: readonly (readonly [string, string])[] = [
  ['plain', '"none"'],
  ['upper', '"NONE"'],
  ['title', '"None"'],
  ['mixed', '"nOnE"'],
  ['space-after', '"none "'],
  ['space-before', '" none"'],
  ['escaped', '"\\u006eone"'],
  ['nul', '"none\\u0000"'],
  ['empty', '""'],
]
