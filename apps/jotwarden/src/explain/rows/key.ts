import type { TokenErrorCode } from '@jotwarden/token'
import type { Explanation } from '../explanation.ts'

type Code = Extract<TokenErrorCode, `key/${string}`>

/** Keys and key sets that are not taken. */
export const keyRows: Readonly<Record<Code, Explanation>> = {
  'key/malformed': {
    means:
      'The JWK or the key set has not the form of the standard: a number is missing or wrongly encoded, a point is not on its curve, a `kid` is empty, or two keys share one.',
    matters:
      'Libraries that take what is nearly a key have leaked private keys through points off the curve, and have picked the wrong one of two keys.',
    sources: ['RFC 7517 §4', 'RFC 7517 §5', 'RFC 7518 §6', 'RFC 8725 §3.4'],
    mend: 'The message names the fault. Export the key again as a JWK with a tool that follows RFC 7518, and give each key an id of its own.',
  },
  'key/unsupported': {
    means:
      'The key is for an algorithm that is not supported here, or it does not say for which one and several would fit.',
    matters: 'One key has one algorithm. A key that serves two opens the way from one to the other.',
    sources: ['RFC 8725 §3.1', 'RFC 8725 §3.2', 'RFC 7517 §4.4'],
    mend: 'Write `alg` into the JWK, or name it at the import. For an algorithm that is not supported, have the issuer add a key for ES256 or RS256.',
  },
  'key/weak': {
    means:
      'The key can be guessed or computed: an HMAC secret too short or publicly known, RSA below 2048 bits, an unsound exponent, or a modulus of the ROCA kind.',
    matters:
      'With a weak key anybody makes valid tokens offline, and nothing in a log tells them from real ones.',
    sources: ['RFC 7518 §3.2', 'RFC 7518 §3.3', 'RFC 8725 §3.5', 'CVE-2017-15361'],
    mend: 'Make a new key: at least as many random bytes as the hash is long for HMAC, or better an ES256 key pair. Take the old one out of use, and what it signed with it.',
  },
  'key/mismatch': {
    means:
      'Two things that the key says of itself disagree: `kty` and `crv` with `alg`, `use` or `key_ops` with the act, a private half with its public one.',
    matters:
      'A key that is read in two ways verifies what it should not. Confusion of key types is how public keys became HMAC secrets.',
    sources: ['RFC 7517 §4.2', 'RFC 7517 §4.3', 'RFC 8725 §3.1', 'CVE-2022-29217', 'CVE-2023-48223'],
    mend: 'Correct the JWK where it is made: `use` is `sig` for signatures and `enc` for encryption, and `alg` must fit `kty` and `crv`.',
  },
  'key/private-in-public-set': {
    means: 'A key set that is public holds private or symmetric key material.',
    matters: 'Whoever has read the set can sign as the issuer. A published private key is a compromised one.',
    sources: ['RFC 7517 §9.2', 'RFC 7517 §5'],
    mend: 'Treat that key as stolen: take it out of use at the issuer (`jotwarden keys compromise KID` where the issuer is this one), then publish public halves alone.',
  },
}
