import { Buffer } from 'node:buffer'
import type { Expected, HostileCase, Step } from '../hostile-case.ts'
import { caseGroup, everyVerifier, policy, type Short } from './case-group.ts'
import { claimsText, headerText, NOW, segment, type Workshop } from './workshop.ts'

/** A good token, and then one that looks like it: what was remembered of the first must not speak for the second. */
export function twins(shop: Workshop): readonly HostileCase[] {
  const good = shop.token()
  const [head = '', body = '', tail = ''] = good.split('.')
  const admin = segment(claimsText({ sub: 'admin' }))
  return caseGroup(
    'twins',
    'CVE-2026-35039 class: a cache answers for exactly the token, the policy and the time that it knows',
    [
      after('loose-bits', 'the same with an unused bit set', good, nextBit(good), BAD),
      after('padded', 'the same with padding', good, `${good}==`, BAD),
      after('line-end', 'the same with a line end', good, `${good}\n`, BAD),
      after(
        'payload',
        'another payload under its header and signature',
        good,
        `${head}.${admin}.${tail}`,
        NO,
      ),
      after(
        'payload-alone',
        'its payload and signature under another header',
        good,
        `${segment(headerText({ x: 1 }))}.${body}.${tail}`,
        NO,
      ),
      after('same-ends', 'the same beginning and end, another middle', good, sameEnds(good), NO),
      after(
        'same-signature',
        'the same signature under a header of another kid',
        good,
        `${segment(headerText({ kid: 'rs-1', alg: 'RS256' }))}.${body}.${tail}`,
        NO,
      ),
      after('signature-cut', 'the same without the end of its signature', good, good.slice(0, -2), NO),
      after(
        'unsigned',
        'the same, alg none and no signature',
        good,
        `${segment(headerText({ alg: 'none' }))}.${body}.`,
        'token/alg',
      ),
      after(
        'case',
        'its payload in lower case',
        good,
        `${head}.${body.slice(0, -1).toLowerCase()}${body.slice(-1)}.${tail}`,
        NO,
        { several: 'token/json' },
      ),
      ...later(shop),
      again('control-again', 'the same token again', good, 'accept', 1),
      after('control-high-s', 'the same with n − s: another text, as good', good, highS(shop), 'accept'),
    ],
  )
}

const BAD = 'token/base64url'
const NO = 'token/signature'

function after(
  what: string,
  title: string,
  good: string,
  twin: string,
  verdict: string,
  over: Expected = {},
): Short {
  return follows(what, title, good, twin, verdict, 1, 'accept', over)
}

function again(what: string, title: string, good: string, verdict: string, seconds: number): Short {
  return follows(what, title, good, good, verdict, seconds)
}

function follows(
  what: string,
  title: string,
  good: string,
  twin: string,
  verdict: string,
  seconds: number,
  first = 'accept',
  over: Expected = {},
): Short {
  const token68 = /^[A-Za-z0-9\-._~+/]+=*$/.test(twin)
  const expect = everyVerifier({
    verifier: verdict,
    authenticate: token68 ? verdict : 'malformed-authorization',
    ...over,
  })
  const next: readonly Step[] = [{ token: twin, after: seconds, expect }]
  return [what, title, good, first, { next, policy }]
}

/** The token stays, the time passes. */
function later(shop: Workshop): readonly Short[] {
  const short = shop.token({}, { exp: NOW + 10 })
  const early = shop.token({}, { nbf: NOW + 60 })
  const future = shop.token({}, { iat: NOW + 60, exp: NOW + 600 })
  return [
    again('expired', 'the same token after its time', short, 'expired', 41),
    again('control-skew', 'the same token in the last second of the skew', short, 'accept', 39),
    follows(
      'early',
      'refused as too early; when its time has come it passes',
      early,
      early,
      'accept',
      31,
      'not-yet-valid',
    ),
    follows(
      'future',
      'refused as issued in the future; later it passes',
      future,
      future,
      'accept',
      31,
      'issued-in-future',
    ),
  ]
}

function nextBit(token: string): string {
  const at = ALPHABET.indexOf(token.slice(-1))
  return token.slice(0, -1) + ALPHABET[at + 1]
}

/** A letter of the subject is another, and the lengths are the same. */
function sameEnds(token: string): string {
  const [head, , tail] = token.split('.')
  return `${head}.${segment(claimsText({ sub: 'user-2' }))}.${tail}`
}

function highS(shop: Workshop): string {
  const token = shop.token()
  const at = token.lastIndexOf('.') + 1
  const signature = Buffer.from(token.slice(at), 'base64url')
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')
  return token.slice(0, at) + Buffer.concat([signature.subarray(0, 32), other]).toString('base64url')
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
