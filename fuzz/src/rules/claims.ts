import { LONGEST_LIFETIME, NOW, SKEW } from '../draft.ts'
import type { Rule } from './rule.ts'

/** What claims say, signed by the right key. */
export const claimRules: readonly Rule[] = [
  {
    name: 'claims-of-their-type',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['malformed-claim'],
    holds: ({ claims }) =>
      [...TYPES].some(([name, isOne]) => Object.hasOwn(claims, name) && !isOne(claims[name])),
    reason: 'A claim of the wrong type is not taken for one that is absent.',
    source: 'RFC 7519 §4.1, RFC 6749 §3.3, OpenID Connect Core §2',
  },
  {
    name: 'no-claim-of-another-kind',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['forbidden-claim'],
    holds: ({ claims }) => OF_OTHER_KINDS.some((name) => Object.hasOwn(claims, name)),
    reason: 'Rules that exclude each other keep kinds of tokens apart.',
    source: 'RFC 8725 §3.12',
  },
  {
    name: 'restrictions-are-declared',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['undeclared-claim'],
    holds: ({ claims }) => RESTRICTING.some((name) => Object.hasOwn(claims, name)),
    reason: 'Whoever passes over a restriction lets the token do more than it grants.',
    source: 'RFC 8693 §4.1, RFC 9396 §9.1; core/policy/src/claim-table.ts',
  },
  {
    name: 'azp-is-the-client',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['wrong-authorized-party'],
    holds: ({ claims }) => typeof claims.azp === 'string' && claims.azp !== claims.client_id,
    reason: 'A token that names two clients was issued to one of them.',
    source: 'OpenID Connect Core §2; core/policy/src/checklist.ts',
  },
  {
    name: 'known-confirmation',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['unknown-confirmation'],
    holds: ({ claims: { cnf } }) =>
      typeof cnf === 'object' &&
      cnf !== null &&
      (Object.keys(cnf).length === 0 ||
        Object.keys(cnf).some((name) => name !== 'jkt' && name !== 'x5t#S256')),
    reason: 'A binding that is not understood cannot be checked.',
    source: 'RFC 7800 §3.1',
  },
  {
    name: 'not-issued-in-future',
    accepted: 'by them alone',
    rivals: ['fast-jwt'],
    refusal: ['issued-in-future'],
    holds: ({ claims: { iat } }) => typeof iat === 'number' && iat > NOW + SKEW,
    reason: 'fast-jwt looks at iat for the age alone.',
    source: 'RFC 7519 §4.1.6',
  },
  {
    name: 'not-authenticated-in-future',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['authenticated-in-future'],
    holds: ({ claims }) => typeof claims.auth_time === 'number' && claims.auth_time > NOW + SKEW,
    reason: 'Neither looks at auth_time.',
    source: 'OpenID Connect Core §2',
  },
  {
    name: 'bounded-lifetime',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['lifetime-too-long'],
    holds: ({ claims: { exp, iat } }) => Number(exp) - Number(iat) > LONGEST_LIFETIME,
    reason: 'They bound the age since iat, and we the whole life from iat to exp.',
    source: 'RFC 6750 §5.3; core/policy/src/kinds.ts',
  },
  {
    name: 'ends-after-it-begins',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['ends-before-start'],
    holds: ({ claims: { exp, iat, nbf } }) => Number(exp) <= Math.max(Number(iat ?? 0), Number(nbf ?? 0)),
    reason: 'A token that is valid at no time lives within the allowed difference of clocks alone.',
    source: 'RFC 7519 §4.1.4, §4.1.5',
  },
  {
    name: 'expired-on-the-second',
    accepted: 'by them alone',
    rivals: ['fast-jwt'],
    refusal: ['expired'],
    holds: ({ claims: { exp } }) => exp === NOW - SKEW,
    reason: 'On or after exp a token must not be accepted; fast-jwt accepts on it.',
    source: 'RFC 7519 §4.1.4',
  },
  {
    name: 'age-without-skew',
    accepted: 'by us alone',
    rivals: ['fast-jwt'],
    refusal: ['FAST_JWT_EXPIRED'],
    holds: ({ claims: { iat } }) =>
      typeof iat === 'number' && iat < NOW - LONGEST_LIFETIME && iat >= NOW - LONGEST_LIFETIME - SKEW,
    reason: 'fast-jwt allows no difference of clocks for its maxAge.',
    source: 'RFC 7519 §4.1.4; fast-jwt/src/verifier.js',
  },
]

type IsOne = (value: unknown) => boolean

const isText: IsOne = (value) => typeof value === 'string' && value.length > 0
const isTime: IsOne = (value) => typeof value === 'number' && value >= 0 && value <= 2 ** 53 - 1
const isScope: IsOne = (value) => typeof value === 'string' && /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/.test(value)
const isTexts: IsOne = (value) => Array.isArray(value) && value.every(isText)
const isAudience: IsOne = (value) => isText(value) || (isTexts(value) && (value as unknown[]).length > 0)
const isObject: IsOne = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isFilled: IsOne = (value) => isObject(value) && Object.keys(value as object).length > 0
const isConfirmation: IsOne = (value) =>
  isObject(value) &&
  Object.entries(value as object).every(
    ([name, one]) => (name !== 'jkt' && name !== 'x5t#S256') || /^[\w-]{43}$/.test(String(one)),
  )
const areDetails: IsOne = (value) =>
  Array.isArray(value) && value.every((one) => isObject(one) && isText((one as { type?: unknown }).type))

const TYPES: ReadonlyMap<string, IsOne> = new Map([
  ...['iss', 'sub', 'jti', 'client_id', 'azp', 'acr', 'sid', 'login'].map((name) => [name, isText] as const),
  ...['exp', 'iat', 'nbf', 'auth_time'].map((name) => [name, isTime] as const),
  ['aud', isAudience],
  ['scope', isScope],
  ['amr', isTexts],
  ['cnf', isConfirmation],
  ['act', isFilled],
  ['status', isFilled],
  ['authorization_details', areDetails],
])
const OF_OTHER_KINDS = [
  'nonce',
  'at_hash',
  'events',
  'htm',
  'htu',
  'token_introspection',
  'status_list',
] as const
const RESTRICTING = ['act', 'authorization_details'] as const
