import type { Rule } from './rule.ts'

/** What a header says, signed by the right key. */
export const headerRules: readonly Rule[] = [
  {
    name: 'no-member-of-another-form',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/header'],
    holds: ({ header }) => NOT_IN_A_JWS.some((name) => Object.hasOwn(header, name)),
    reason: 'Members of encryption and of unencoded payloads make two readers disagree on what was signed.',
    source: 'RFC 7516 §4.1, RFC 7797 §7, RFC 8725 §3.1',
  },
  {
    name: 'header-members-of-their-type',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/header'],
    holds: ({ header }) =>
      ['kid', 'cty'].some((name) => Object.hasOwn(header, name) && typeof header[name] !== 'string'),
    reason: 'A member of the wrong type is not taken for one that is absent.',
    source: 'RFC 7515 §4.1.4, §4.1.10',
  },
  {
    name: 'kid-of-bounded-length',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/header'],
    holds: ({ header }) => typeof header.kid === 'string' && header.kid.length > 256,
    reason: 'Key ids end up in maps, caches and logs.',
    source: 'core/token/src/kid.ts',
  },
  {
    name: 'no-token-inside',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/header'],
    holds: ({ header }) => /^(?:application\/)?jwt$/i.test(String(header.cty)),
    reason: 'Where the payload is said to be another token, its members are not claims.',
    source: 'RFC 7519 §5.2, §7.2',
  },
  {
    name: 'crit-in-any-form',
    accepted: 'by them alone',
    rivals: ['fast-jwt'],
    refusal: ['token/crit'],
    holds: ({ header }) => Object.hasOwn(header, 'crit') && !header.crit,
    reason: 'fast-jwt looks only at a crit that is truthy; "", null, false and 0 pass it.',
    source: 'RFC 7515 §4.1.11; validateCrit in fast-jwt/src/verifier.js',
  },
  {
    name: 'kid-names-the-key',
    accepted: 'by them alone',
    rivals: ['jose', 'fast-jwt'],
    refusal: ['token/unknown-key'],
    holds: ({ header: { kid, alg } }) =>
      typeof kid === 'string' && kid !== `key-${String(alg)}` && kid.length <= 256,
    reason:
      'Who is given one key instead of a set does not look at the key id: fast-jwt always, jose with a secret.',
    source: 'RFC 7515 §4.1.4',
  },
  {
    name: 'eddsa-by-opting-in',
    accepted: 'by them alone',
    rivals: ['fast-jwt'],
    refusal: ['token/alg', 'token/unknown-key'],
    holds: ({ header }) => header.alg === 'EdDSA',
    reason: 'EdDSA does not say which curve; we take it only where a key is imported for it.',
    source: 'RFC 9864 §2.2',
  },
  {
    name: 'ed25519-by-its-name',
    accepted: 'by us alone',
    rivals: ['fast-jwt'],
    refusal: ['FAST_JWT_INVALID_ALGORITHM'],
    holds: ({ header }) => header.alg === 'Ed25519',
    reason: 'fast-jwt 6.3.6 does not know the name of RFC 9864.',
    source: 'RFC 9864 §2.2',
  },
]

const NOT_IN_A_JWS = ['b64', 'enc', 'zip', 'epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c'] as const
