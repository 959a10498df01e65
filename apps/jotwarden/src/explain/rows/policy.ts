import type { PolicyErrorCode } from '@jotwarden/policy'
import type { Explanation } from '../explanation.ts'

/** Misuse of the policy by the program. */
export const policyRows: Readonly<Record<PolicyErrorCode, Explanation>> = {
  'policy/profile': {
    means: 'An option of a profile is unknown, missing or out of its range.',
    matters:
      'A mistyped option that is silently ignored is a check that never runs. Leaving a check out is written as `null`.',
    sources: ['RFC 8725 §3.8', 'RFC 8725 §3.9'],
    mend: 'The message names the option and what it takes.',
  },
  'policy/demands': {
    means:
      'What a route demands beyond a good token is unknown or out of its range: scopes, `acrValues`, `maxAge`.',
    matters: 'A demand that is mistyped and silently ignored protects nothing.',
    sources: ['RFC 9470 §3', 'RFC 6749 §3.3'],
    mend: 'The message names the demand and what it takes.',
  },
  'policy/scope': {
    means: 'A text is not a list of scopes: words of printable ASCII with single spaces between them.',
    matters: 'A scope with a space or a quote in it grants something else than it seems to.',
    sources: ['RFC 6749 §3.3'],
    mend: 'Separate scopes with one space, and use no quotes, backslashes or other alphabets in them.',
  },
  'policy/now': {
    means: 'The time that was given is not a number of seconds since 1970.',
    matters: 'With NaN as the time no token is ever expired.',
    sources: ['RFC 7519 §2'],
    mend: 'Pass seconds, not milliseconds and not a Date: `Date.now() / 1000`.',
  },
  'policy/schema': {
    means: 'The schema of the profile answers with a promise, or with something that is no object of claims.',
    matters: 'A decision is made at once; a promise would be taken for a yes.',
    sources: ['RFC 8725 §3.12'],
    mend: 'Use a schema of an object without asynchronous refinements.',
  },
  'policy/feed': {
    means: 'A line of the revocation feed cannot be understood.',
    matters:
      'A line that is skipped may be the one that takes back a stolen token, so the connection ends and begins again.',
    sources: [],
    mend: 'See that issuer and verifier are of versions that fit, and that no proxy changes or buffers the feed.',
  },
}
