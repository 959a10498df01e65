import { utf8Bytes } from '#platform'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { checkHeader } from './header.ts'
import { type JsonObject, parseJsonObject } from './json.ts'
import { checkJweHeader } from './jwe/header.ts'

/** The one header that all tokens of a place have, agreed on by configuration; only `configuredHeader` makes one. */
export class ConfiguredHeader {
  readonly form: 'jws' | 'jwe'
  readonly #segment: string

  constructor(form: 'jws' | 'jwe', segment: string) {
    this.form = form
    this.#segment = segment
  }

  /** Throws a TypeError for an object that only looks like a configured header. */
  static segment(header: ConfiguredHeader): string {
    return header.#segment
  }
}

/**
 * Takes the header that the issuer writes: its members in their order, or the first segment of one of its tokens, where
 * the issuer spells JSON in another way. It must be what `verify` or `decrypt` would accept. Throws `headless/header`.
 */
export function configuredHeader(header: JsonObject | string): ConfiguredHeader {
  const segment = typeof header === 'string' ? header : encodeBase64url(utf8Bytes(JSON.stringify(header)))
  try {
    const members = parseJsonObject(decodeBase64url(segment))
    // RFC 7516 §9: a header with an enc is that of a JWE
    const form = Object.hasOwn(members, 'enc') ? 'jwe' : 'jws'
    if (form === 'jwe') checkJweHeader(members)
    else checkHeader(members)
    return new ConfiguredHeader(form, segment)
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw new TokenError('headless/header', 'Cannot configure the header: no token may have it', { cause })
  }
}

/**
 * Takes the header off a compact token, so that nothing on the way can say how it is to be read. The header must be the
 * configured one, byte by byte: whose header differs from token to token (an ephemeral key, another `kid`) cannot go
 * without. Throws `headless/header` or `headless/malformed`.
 */
export function stripHeader(token: string, header: ConfiguredHeader): string {
  const segment = ConfiguredHeader.segment(header)
  if (!token.startsWith(`${segment}.`))
    throw new TokenError('headless/header', 'Cannot strip the token: its header is not the configured one')
  return checkedForm(token.slice(segment.length + 1), header)
}

/**
 * Puts the configured header back: exactly the token that was stripped, which is then verified or decrypted as any
 * other. What still has a header is refused, so that a sender cannot bring one. Throws `headless/malformed`.
 */
export function restoreHeader(headless: string, header: ConfiguredHeader): string {
  return `${ConfiguredHeader.segment(header)}.${checkedForm(headless, header)}`
}

function checkedForm(headless: string, { form }: ConfiguredHeader): string {
  const [parts, shape] = form === 'jws' ? ([2, JWS] as const) : ([4, JWE] as const)
  if (typeof headless === 'string' && headless.length <= MAX_LENGTH && shape.test(headless)) return headless
  throw new TokenError(
    'headless/malformed',
    `Cannot read the headless token: it has not ${parts} parts of base64url, or is too long`,
  )
}

/** `payload.signature` */
const JWS = /^[\w-]+\.[\w-]+$/
/** `key.vector.ciphertext.tag`; the key is empty under `dir`. */
const JWE = /^[\w-]*\.[\w-]+\.[\w-]*\.[\w-]+$/
const MAX_LENGTH = 65_536
