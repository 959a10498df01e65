import type { TokenErrorCode } from '@jotwarden/token'
import type { Explanation } from '../explanation.ts'

type Code = Extract<TokenErrorCode, `token/${string}`>

/** The form of a token, its header and its signature. */
export const tokenRows: Readonly<Record<Code, Explanation>> = {
  'token/malformed': {
    means: 'The text has not the form of a compact JWS: three parts of base64url with a dot between them.',
    matters:
      'Two readers that mend a broken form in two ways see two tokens. Forms that are half compact and half JSON have carried forged claims past a signature check.',
    sources: ['RFC 7515 §7.1', 'RFC 7519 §1', 'CVE-2022-39227'],
    mend: 'Send the token alone: no quotes, no "Bearer ", no line break, nothing cut off. Ask the issuer for compact serialization.',
  },
  'token/encrypted': {
    means: 'The token has five parts: it is encrypted (a JWE), and a signed one (a JWS) was expected.',
    matters:
      'Who holds a public key can encrypt for it, so encryption is no proof of origin. Taking one form for the other has let attackers mint their own tokens.',
    sources: ['RFC 7516 §9', 'CVE-2023-51774'],
    mend: 'Let the issuer send signed tokens to this API, or read this one with `decryptThenVerify` of @jotwarden/token/jwe.',
  },
  'token/too-large': {
    means: 'The token is longer than the limit, which is 16,384 characters unless another one was set.',
    matters:
      'Whoever can send a token can make the reader work. The length is looked at before anything else.',
    sources: ['CWE-770', 'CVE-2025-30204', 'CVE-2025-27144'],
    mend: 'Move groups, permissions and profile data out of the token. If it has to be this long, raise `maxLength`, at most to 65,536.',
  },
  'token/limits': {
    means: 'A limit that the caller gave is not a whole number within its range.',
    matters: 'A limit of NaN or Infinity compares as no limit at all.',
    sources: ['CWE-770'],
    mend: 'Correct the number in the call. The message names the option and its range.',
  },
  'token/base64url': {
    means:
      'A part of the token is not canonical base64url: padding, a foreign character, or unused bits that are not zero.',
    matters:
      'If several texts decode to the same bytes, a token that was denied by its text comes back under another spelling.',
    sources: ['RFC 7515 §2', 'RFC 4648 §3.5', 'RFC 4648 §5'],
    mend: 'The issuer must encode without padding and with the alphabet of RFC 4648 §5. Look for something on the way that changes the text, such as URL decoding, and for a "Bearer " that was handed over with it.',
  },
  'token/json': {
    means: 'The header or the claims are not the strict JSON object that is asked for.',
    matters:
      'Bad UTF-8, numbers beyond the range of a double, lone surrogates, `__proto__` and endless nesting are read differently by different parsers, or exhaust them.',
    sources: ['RFC 8259 §8.1', 'RFC 7519 §7.2', 'RFC 8725 §3.7', 'CVE-2025-53864'],
    mend: 'The message names the fault. Have the issuer write plain JSON, and keep large or deep data out of the token.',
  },
  'token/duplicate-member': {
    means: 'An object in the token has the same member name twice, perhaps once spelled with an escape.',
    matters:
      'One parser keeps the first, another the last: the gateway checks one subject and the API acts for another.',
    sources: ['RFC 7515 §4', 'RFC 7519 §4', 'RFC 8259 §4'],
    mend: 'No honest library writes this. Look for an issuer that joins JSON by hand; otherwise treat the token as an attack.',
  },
  'token/header': {
    means: 'A member of the header has the wrong type, is missing, or has no place in a token of this kind.',
    matters:
      'Members such as `b64`, `enc` or `zip` in a signed token make two readers disagree on what was signed.',
    sources: ['RFC 7515 §4.1', 'RFC 7797 §7', 'RFC 8725 §3.1'],
    mend: 'The message names the member. Have the issuer write `alg`, `typ` and `kid` as texts and leave out the rest.',
  },
  'token/crit': {
    means: 'The header has `crit`: the issuer insists on an extension, and none is understood here.',
    matters:
      'Whoever skips a critical extension accepts a token without a check that its issuer relies on. The standard says to refuse.',
    sources: ['RFC 7515 §4.1.11', 'CVE-2025-59420'],
    mend: 'Have the issuer leave the extension out for this reader. There is no setting for ignoring `crit`.',
  },
  'token/alg': {
    means: 'The algorithm of the header is unknown, `none`, or not that of the key that `kid` names.',
    matters:
      'Tokens that choose their own algorithm are the oldest JWT attack: unsigned ones, and a public RSA key taken as an HMAC secret. Here the key says the algorithm.',
    sources: ['RFC 8725 §3.1', 'CVE-2015-9235', 'CVE-2016-10555', 'CVE-2022-23540'],
    mend: 'Compare `alg` in the header with `alg` of that key in the key set of the issuer. If the issuer changed its algorithm, it has to publish a new key under a new `kid`.',
  },
  'token/unknown-key': {
    means: 'No key at hand fits the `kid` of the token, or the token names none and several keys fit.',
    matters:
      'Trying every key, or fetching one that the token points to, lets whoever made the token choose the key.',
    sources: ['RFC 7515 §4.1.4', 'RFC 8725 §3.8', 'CVE-2018-0114'],
    mend: 'See that issuer and API belong to the same environment, that the key set of the issuer holds this `kid`, and that it was announced before its first use.',
  },
  'token/signature': {
    means: 'The signature does not match header and claims under the key, or has the wrong length.',
    matters:
      'The token was changed, or signed with another key. Checks that forget lengths and ranges have accepted empty signatures and signatures of zeros.',
    sources: ['RFC 7515 §5.2', 'RFC 8725 §3.3', 'CVE-2020-28042', 'CVE-2022-21449'],
    mend: 'See that the token came through unchanged, and that the key is that of the issuer and not of a staging system of the same `kid`. ECDSA signatures must be in the form of RFC 7518 §3.4, not DER.',
  },
  'token/claims': {
    means:
      'The claims that should be signed or encrypted are not an object, or lack one that the header should repeat.',
    matters: 'A JWT carries an object of claims; anything else is no JWT, and readers would stumble over it.',
    sources: ['RFC 7519 §7.1', 'RFC 7519 §5.3'],
    mend: 'Pass an object of plain JSON values to the call that signs or encrypts.',
  },
  'token/platform': {
    means:
      'A synchronous function was called where cryptography is asynchronous, as in browsers and workers.',
    matters: 'WebCrypto answers with promises. Pretending otherwise would mean going on without an answer.',
    sources: [],
    mend: 'Call its twin: `verifyAsync` for `verify`, `loadVerifyKey` for `importVerifyKey`, `KeySet.load` for `KeySet.fromJwks`.',
  },
}
