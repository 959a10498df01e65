import type { HostileCase } from '../hostile-case.ts'
import { cases } from './jwe-cases.ts'
import { type JweWorkshop, jwe } from './jwe-workshop.ts'
import { claimsText, type Workshop } from './workshop.ts'

/** Texts that are no compact JWE, and headers that are not accepted. */
export function forms(made: JweWorkshop, shop: Workshop): readonly HostileCase[] {
  const parts = made.direct('enc-dir', made.header('enc-dir'), claimsText())
  const token = jwe(parts)
  const [head = '', , iv = '', text = '', tag = ''] = token.split('.')
  const flattened = JSON.stringify({ protected: head, iv, ciphertext: text, tag })
  const twice = parts.header.replace('{', '{"alg":"dir",')
  const escaped = parts.header.replace('{', '{"\\u0065nc":"A256GCM",')
  const why = 'RFC 7516 §5.2, RFC 8725bis §3.14'
  return cases(why, [
    ['jws', 'a signed token', shop.token(), 'jwe/not-encrypted', 'enc-dir', 'RFC 7516 §9'],
    ['four-parts', 'four parts', `${head}.${iv}.${text}.${tag}`, 'token/malformed', 'enc-dir'],
    ['six-parts', 'a sixth part', `${token}.AAAA`, 'token/malformed', 'enc-dir'],
    ['four-dots', 'four dots', '....', 'token/json', 'enc-dir'],
    [
      'million-dots',
      'a million dots',
      '.'.repeat(1_000_000),
      'token/too-large',
      'enc-dir',
      'CVE-2025-27144 class',
    ],
    ['flattened', 'flattened JSON', flattened, 'token/malformed', 'enc-dir', 'RFC 7516 §7.2'],
    [
      'polyglot',
      'JSON with the five parts inside',
      `{"${head}":".${iv}.${text}.${tag}"}`,
      'token/malformed',
      'enc-dir',
      'CVE-2022-39227 class, for JWE',
    ],
    [
      'polyglot-five',
      'JSON that also splits into five parts',
      `{"${head}":"..${iv}.${text}.${tag}"}`,
      'token/base64url',
      'enc-dir',
      'CVE-2022-39227 class, for JWE',
    ],
    ['padding', 'padding behind the tag', `${token}==`, 'token/base64url', 'enc-dir'],
    ['bits', 'unused bits in the tag', nextCharacter(token), 'token/base64url', 'enc-dir'],
    ['line-break', 'a line break behind it', `${token}\n`, 'token/base64url', 'enc-dir'],
    ['twice', 'alg twice', jwe(made.direct('enc-dir', twice, 'x')), 'token/duplicate-member', 'enc-dir'],
    [
      'twice-escaped',
      'enc twice, escaped',
      jwe(made.direct('enc-dir', escaped, 'x')),
      'token/duplicate-member',
      'enc-dir',
    ],
  ])
}

export function headers(made: JweWorkshop): readonly HostileCase[] {
  const token = (members: Readonly<Record<string, unknown>>): string =>
    jwe(made.direct('enc-dir', made.header('enc-dir', members), claimsText()))
  return cases('RFC 7516 §4.1, RFC 8725 §3.1', [
    ['crit', 'a crit', token({ crit: ['exp'] }), 'token/crit', 'enc-dir'],
    ['b64', 'b64', token({ b64: true }), 'token/header', 'enc-dir'],
    ['alg-none', 'alg none', token({ alg: 'none' }), 'token/alg', 'enc-dir'],
    [
      'alg-rsa15',
      'alg RSA1_5',
      token({ alg: 'RSA1_5' }),
      'token/alg',
      'enc-dir',
      'Bleichenbacher: RFC 8725 §3.2',
    ],
    ['alg-rsa-oaep', 'alg RSA-OAEP, which is SHA-1', token({ alg: 'RSA-OAEP' }), 'token/alg', 'enc-dir'],
    ['alg-case', 'alg in other case', token({ alg: 'DIR' }), 'token/alg', 'enc-dir'],
    ['alg-other', 'the alg of another key', token({ alg: 'A256KW' }), 'token/alg', 'enc-dir'],
    [
      'alg-password',
      'a password where none is',
      token({ alg: 'PBES2-HS256+A128KW' }),
      'token/alg',
      'enc-dir',
    ],
    ['enc-other', 'an enc with keys as long', token({ enc: 'A128CBC-HS256' }), 'jwe/enc', 'enc-dir'],
    ['enc-unknown', 'an unknown enc', token({ enc: 'A256CTR' }), 'jwe/enc', 'enc-dir'],
    ['enc-absent', 'no enc', token({ enc: undefined }), 'token/header', 'enc-dir'],
    ['kid-other', 'the kid of no key', token({ kid: 'other' }), 'token/unknown-key', 'enc-dir'],
    ['kid-long', 'a kid of 257 characters', token({ kid: 'k'.repeat(257) }), 'token/header', 'enc-dir'],
  ])
}

/** The last character one further: canonical ones are far apart, since a tag leaves four bits unused. */
function nextCharacter(token: string): string {
  return token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1)
}
