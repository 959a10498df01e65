import type { Examined } from '../examine.ts'
import { depthOf, holdsAmbiguity, isNotPlainUtf8, repeatsMember, writtenMembers } from './json-facts.ts'
import type { Rule } from './rule.ts'

/** How a token is spelled, whatever it says. */
export const formRules: readonly Rule[] = [
  {
    name: 'canonical-base64url',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/base64url', 'token/malformed'],
    holds: ({ segments }) =>
      segments.length === 3 &&
      segments.some((segment) => Buffer.from(segment, 'base64url').toString('base64url') !== segment),
    reason: 'One signature must have one text, or a token denied by its text comes back under another.',
    source: 'RFC 4648 §3.5, RFC 7515 §2',
  },
  {
    name: 'one-name-once',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    // Of two faults in one text the first that is found is told
    refusal: ['token/duplicate-member', 'token/json'],
    holds: ({ headerText, claimsText }) => repeatsMember(headerText) || repeatsMember(claimsText),
    reason: 'Parsers differ in which of two members of one name they keep.',
    source: 'RFC 7515 §4, RFC 7519 §4, RFC 8259 §4',
  },
  {
    name: 'plain-utf-8',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/json'],
    holds: ({ headerBytes, claimsBytes }) => isNotPlainUtf8(headerBytes) || isNotPlainUtf8(claimsBytes),
    reason: 'Bytes that are repaired while they are read become names that nobody signed.',
    source: 'RFC 8259 §8.1, RFC 7519 §7.2, RFC 8725 §3.7',
  },
  {
    name: 'one-reading-of-json',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/json'],
    holds: (token) => holdsAmbiguity(token.header) || holdsAmbiguity(token.claims),
    reason: 'Numbers beyond a double, lone surrogates and __proto__ are something else to another reader.',
    source: 'RFC 7493 §2.1, §2.2',
  },
  {
    name: 'bounded-json',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/json'],
    holds: exceedsBounds,
    reason: 'Whoever sends a token must not decide how much work its reader has.',
    source: 'CVE-2025-53864; core/token/src/json.ts, compact.ts',
  },
  {
    name: 'bounded-length',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/too-large'],
    holds: ({ token }) => token.length > 16_384,
    reason: 'Whoever sends a token must not decide how much work its reader has.',
    source: 'CVE-2025-30204; core/token/src/compact.ts',
  },
]

function exceedsBounds({ header, claims, headerText, claimsText }: Examined): boolean {
  const isHeavy = writtenMembers(headerText) > 64 || writtenMembers(claimsText) > 1024
  return isHeavy || depthOf(header) > 4 || depthOf(claims) > 16
}
