import { quickText, utf8Text } from '#platform'
import { decodeBase64url, isCanonicalBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { checkHeader, type UnverifiedHeader } from './header.ts'
import { type JsonLimits, parseJsonText } from './json.ts'
import { knownHeader } from './known-headers.ts'

/** Bounds on a token, checked before anything else is done with it. */
export interface TokenLimits extends JsonLimits {
  /** Length of the whole token in characters; 16384 unless said, at most 65536. */
  readonly maxLength?: number
}

/** The segments as they stood in the token. */
export interface CompactParts {
  readonly token: string
  /** Where the signing input ends, and after one dot the signature begins, whose form is left to whoever decodes it. */
  readonly inputEnd: number
  /** Undefined where what it says was known. */
  readonly newHeader: string | undefined
  readonly payload: string
  /** What the payload encodes, where that was quickly found out. */
  readonly payloadText: string | undefined
  readonly limits: TokenLimits
}

/** A token whose signature nobody has checked; its payload is out of reach until `verifyParsed`. */
export class UnverifiedToken {
  readonly header: UnverifiedHeader
  readonly #parts: CompactParts

  constructor(header: UnverifiedHeader, parts: CompactParts) {
    this.header = header
    this.#parts = parts
  }

  /** Throws a TypeError for an object that only looks like a parsed token. */
  static parts(token: UnverifiedToken): CompactParts {
    return token.#parts
  }
}

/**
 * Reads the form of a compact JWS (RFC 7515 §5.2 steps 1-4): size, two dots, alphabet and canonical ends of header and
 * payload, then the header. The form of the signature is checked with the signature. Throws `token/malformed`, `token/encrypted`, `token/too-large`, `token/base64url`, `token/json`,
 * `token/duplicate-member`, `token/crit` or `token/header`.
 */
export function parseCompact(token: string, limits: TokenLimits = {}): UnverifiedToken {
  if (typeof token !== 'string') throw malformed('it is not a string')
  if (token.length > maxLengthOf(limits)) {
    throw new TokenError('token/too-large', 'Cannot parse the token: it is longer than the limit')
  }
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) throw notThreeParts(token)
  const headerText = token.slice(0, first)
  const known = knownHeader(headerText)
  if (known === undefined) checkSegment(headerText)
  const payload = token.slice(first + 1, second)
  const payloadText = quickText(payload)
  if (payloadText === undefined) checkSegment(payload)
  const header = known ?? readHeader(headerText)
  const newHeader = known === undefined ? headerText : undefined
  return new UnverifiedToken(header, { token, inputEnd: second, newHeader, payload, payloadText, limits })
}

/**
 * Whether the signature is the canonical base64url of some bytes, for who will not come to checking it soon. Throws
 * `token/base64url`.
 */
export function checkSignatureForm(unverified: UnverifiedToken): void {
  const { token, inputEnd } = UnverifiedToken.parts(unverified)
  checkSegment(token.slice(inputEnd + 1))
}

function readHeader(text: string): UnverifiedHeader {
  return checkHeader(parseJsonText(quickText(text) ?? utf8Text(decodeBase64url(text)), HEADER_LIMITS))
}

function checkSegment(text: string): void {
  if (!isCanonicalBase64url(text))
    throw new TokenError(
      'token/base64url',
      'Cannot parse the token: a segment is not the canonical base64url of any bytes',
    )
}

/** Throws `token/limits`. */
export function maxLengthOf(limits: TokenLimits): number {
  const maxLength = limits.maxLength ?? DEFAULT_MAX_LENGTH
  if (Number.isInteger(maxLength) && maxLength > 0 && maxLength <= HIGHEST_MAX_LENGTH) return maxLength
  throw new TokenError(
    'token/limits',
    `Cannot parse the token: maxLength is not within 1 to ${HIGHEST_MAX_LENGTH}`,
  )
}

/** RFC 7516 §9: five parts are a JWE, which another entry point takes; nothing here decrypts. */
function notThreeParts(token: string): TokenError {
  if (!JWE.test(token)) return malformed('it has not exactly 3 parts')
  return new TokenError(
    'token/encrypted',
    'Cannot parse the token: it is encrypted, and a signed one is wanted',
  )
}

function malformed(state: string): TokenError {
  return new TokenError('token/malformed', `Cannot parse the token: ${state}`)
}

const JWE = /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]*\.[\w-]+$/
const DEFAULT_MAX_LENGTH = 16_384
const HIGHEST_MAX_LENGTH = 65_536
const HEADER_LIMITS: JsonLimits = { maxDepth: 4, maxMembers: 64 }
