import { decodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { type JsonLimits, type JsonObject, parseJsonObject } from './json.ts'

export interface TokenLimits extends JsonLimits {
  /** Characters; 16384 unless given, 65536 at most. */
  readonly size?: number
}

/** The protected header (RFC 7515 §4), as far as it is understood. A hint until the signature is checked, and a hint after. */
export interface JoseHeader {
  readonly alg: string
  readonly typ: string | undefined
  readonly kid: string | undefined
}

/** A token whose form is right and whose signature nobody has looked at; the payload is not parsed. */
export interface UnverifiedToken {
  readonly unverifiedHeader: JoseHeader
  readonly signingInput: string
  readonly unverifiedPayload: Uint8Array
  readonly signature: Uint8Array
  readonly limits: TokenLimits
}

/**
 * Takes a compact JWS apart (RFC 7515 §5.2 steps 1 to 6): size first, then three segments of canonical base64url, then a
 * strict header.
 *
 * Throws `token/too-large`, `token/malformed`, `token/base64url`, `token/json`, `token/duplicate-member`, `token/header`,
 * `token/crit`.
 */
export function parseCompact(token: string, limits: TokenLimits = {}): UnverifiedToken {
  if (typeof token !== 'string') throw malformed('it is not text')
  if (token.length > Math.min(limits.size ?? 16_384, 65_536)) {
    throw new TokenError('token/too-large', 'Cannot parse the token: it is too large')
  }
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first === -1 || second === -1 || token.indexOf('.', second + 1) !== -1)
    throw malformed('it does not have three parts')
  if (first === 0 || second === first + 1 || second === token.length - 1) throw malformed('a part is empty')
  const header = parseJsonObject(decodeBase64url(token.slice(0, first)), limits)
  return {
    unverifiedHeader: checkHeader(header),
    signingInput: token.slice(0, second),
    unverifiedPayload: decodeBase64url(token.slice(first + 1, second)),
    signature: decodeBase64url(token.slice(second + 1)),
    limits,
  }
}

/** The media type of a `typ`, shortened and in lower case (RFC 7515 §4.1.9): `application/at+jwt` is `at+jwt`. */
export function normalizeTyp(typ: string): string {
  const lower = typ.toLowerCase()
  return lower.startsWith('application/') && lower.indexOf('/', 12) === -1 ? lower.slice(12) : lower
}

function checkHeader(header: JsonObject): JoseHeader {
  // RFC 7515 §4.1.11: extensions that must be understood are refused, since none is; a malformed list is refused too.
  if (header.crit !== undefined)
    throw new TokenError('token/crit', 'Cannot accept the token: its crit header is not understood')
  for (const name of REFUSED_PARAMETERS) {
    if (header[name] !== undefined)
      throw new TokenError('token/header', `Cannot accept the token: its header has ${name}`)
  }
  const { alg, typ, kid } = header
  if (typeof alg !== 'string' || alg.length > 64)
    throw new TokenError('token/alg', 'Cannot accept the token: its alg is missing or not text')
  return { alg, typ: optionalText(typ, 'typ'), kid: optionalText(kid, 'kid') }
}

function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.length > 0 && value.length <= 256) return value
  throw new TokenError(
    'token/header',
    `Cannot accept the token: its ${name} is not a text of 1 to 256 characters`,
  )
}

function malformed(reason: string): TokenError {
  return new TokenError('token/malformed', `Cannot parse the token: ${reason}`)
}

/** `b64` never in a JWT (RFC 7797 §7); the others belong to encryption, and `zip` to none. */
const REFUSED_PARAMETERS = ['b64', 'enc', 'zip', 'epk', 'p2c', 'p2s', 'apu', 'apv', 'iv', 'tag'] as const
