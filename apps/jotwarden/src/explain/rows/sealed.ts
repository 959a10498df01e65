import type { TokenErrorCode } from '@jotwarden/token'
import type { Explanation } from '../explanation.ts'

type Code = Exclude<TokenErrorCode, `token/${string}` | `key/${string}` | `jwe/${string}`>

/** Formats of our own: refresh tokens, sealed state, tokens that travel without their header. */
export const sealedRows: Readonly<Record<Code, Explanation>> = {
  'refresh/malformed': {
    means: 'The text has not the form of a refresh token of this authority.',
    matters: 'The form is checked before anything is looked up, so that a made-up token costs nothing.',
    sources: ['RFC 6749 §6'],
    mend: 'Send the refresh token as it was received, whole. An access token or a token of another issuer does not do.',
  },
  'sealed/malformed': {
    means: 'The text has not the form of sealed state: wrong length, wrong alphabet, or an unknown version.',
    matters: 'What the authority hands out and takes back is opened only if it is whole.',
    sources: ['RFC 7518 §5.3'],
    mend: 'Begin the sign-in again. If it happens often, look for something that cuts cookies or query strings.',
  },
  'sealed/refused': {
    means: 'The state was not sealed here for this use, or was changed.',
    matters:
      'Sealed state carries what was decided at an earlier step; whoever could change it would decide instead.',
    sources: ['RFC 7518 §5.3'],
    mend: 'Begin the sign-in again. If it happens after a deployment, see that all nodes use the same store and the same key-encryption key.',
  },
  'headless/malformed': {
    means:
      'What should be a token without its header has the wrong number of parts, is not base64url, or is too long. It may still have its header.',
    matters: 'A sender that can bring a header along decides how its token is read.',
    sources: ['RFC 8725 §3.1', 'RFC 7515 §7.1'],
    mend: 'Send what `stripHeader` gave, unchanged.',
  },
  'headless/header': {
    means:
      'The header of the token is not the configured one, or the configured one is not one that any token may have.',
    matters:
      'A header is left away only where both sides agree on every byte of it; otherwise the signature would not match any more.',
    sources: ['RFC 7515 §5.2'],
    mend: 'Configure the first segment of a token of this issuer. After a change of its key the `kid` changes, and so must the configuration.',
  },
}
