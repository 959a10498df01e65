import type { TokenErrorCode } from '@jotwarden/token'
import type { Explanation } from '../explanation.ts'

type Code = Extract<TokenErrorCode, `jwe/${string}`>

/** Encrypted tokens. */
export const jweRows: Readonly<Record<Code, Explanation>> = {
  'jwe/not-encrypted': {
    means: 'The token has three parts: it is signed (a JWS), and an encrypted one (a JWE) was expected.',
    matters: 'A reader that takes either form lets the sender choose whether the content was secret.',
    sources: ['RFC 7516 §9', 'RFC 7519 §7.2'],
    mend: 'Have the sender encrypt for this reader, or verify the token with `verify`.',
  },
  'jwe/enc': {
    means: 'The content encryption in `enc` is unknown, or not one that the key is for.',
    matters: 'As with signatures, the key says the algorithm and not the token.',
    sources: ['RFC 7516 §4.1.2', 'RFC 7518 §5', 'RFC 8725 §3.1'],
    mend: 'Agree with the sender on one content encryption, such as A256GCM, and name it at the import of the key.',
  },
  'jwe/parameter': {
    means:
      'A parameter of the key agreement or key wrapping is missing, malformed, or out of bounds: `epk`, `apu`, `apv`, `iv`, `tag`, `p2s` or `p2c`.',
    matters:
      'A point off the curve draws out the private key; a huge `p2c` keeps a processor busy for minutes.',
    sources: ['RFC 7518 §4', 'RFC 8725 §3.4', 'CVE-2023-50967', 'CVE-2023-52428'],
    mend: 'Have the sender use a library that follows RFC 7518 §4, with an ephemeral key on the curve of the recipient.',
  },
  'jwe/zip': {
    means: 'The content is compressed, and compression is not accepted.',
    matters:
      'A few kilobytes can inflate to gigabytes, and the length of what was compressed tells of its content.',
    sources: ['RFC 7516 §4.1.3', 'RFC 8725 §3.6', 'CVE-2024-28176', 'CVE-2024-28180'],
    mend: 'Have the sender leave `zip` out. If it cannot, set `danger.inflateUpTo` to the bytes that you really need, 250,000 at most.',
  },
  'jwe/refused': {
    means:
      'The token could not be decrypted with this key: wrong key, changed text, or a wrong length. Which of them is not told.',
    matters:
      'An answer that differs by cause is an oracle with which others decrypt. The standard asks for one answer.',
    sources: ['RFC 7516 §11.5', 'RFC 7516 §5.2', 'CVE-2018-1000539'],
    mend: 'See that the sender encrypts for the key that is in use now, and that the token came through unchanged.',
  },
  'jwe/unauthenticated': {
    means: 'The content was encrypted with a public key or a password, so anybody may have written it.',
    matters:
      'Encryption hides, it does not sign. APIs that took a decrypted token for a genuine one could be fooled with the public key alone.',
    sources: ['RFC 7519 §11.2', 'RFC 8725 §2.3', 'CVE-2023-51774'],
    mend: 'Have the issuer sign first and encrypt around it, and read that with `decryptThenVerify`.',
  },
  'jwe/nested': {
    means: 'What is inside does not fit: a signed token where claims were expected, or the reverse.',
    matters: 'Decrypting alone would leave the signature inside unchecked.',
    sources: ['RFC 7519 §5.2', 'RFC 7519 §7.2', 'RFC 8725 §3.3'],
    mend: 'Read nested tokens with `decryptThenVerify`. The sender must write `cty: "JWT"` when, and only when, a token is inside.',
  },
  'jwe/claims-differ': {
    means: 'A claim that the header repeats has another value inside.',
    matters: 'Routers read the header, APIs read the inside; if the two differ, each acts for somebody else.',
    sources: ['RFC 7519 §5.3'],
    mend: 'Have the sender repeat claims as they are, or not at all.',
  },
}
