import { decodeBase64url, hasCanonicalEnd } from '../base64url.ts'
import { maxLengthOf, type TokenLimits } from '../compact.ts'
import { TokenError } from '../errors.ts'
import { type JsonLimits, parseJsonObject } from '../json.ts'
import { checkJweHeader, type UnverifiedJweHeader } from './header.ts'

/** The length in bytes of each segment after the header. */
export interface JweLengths {
  readonly encryptedKey: number
  readonly iv: number
  readonly ciphertext: number
  readonly tag: number
}

/** A JWE of correct form that nobody has decrypted. */
export class UnverifiedJwe {
  readonly header: UnverifiedJweHeader
  readonly lengths: JweLengths
  readonly #token: string

  constructor(header: UnverifiedJweHeader, lengths: JweLengths, token: string) {
    this.header = header
    this.lengths = lengths
    this.#token = token
  }

  /** Throws a TypeError for an object that only looks like a parsed token. */
  static token(jwe: UnverifiedJwe): string {
    return jwe.#token
  }
}

/**
 * Reads the form of a compact JWE (RFC 7516 §5.2 steps 1-4): size, four dots, alphabet and canonical ends of all five
 * segments, then the header. Throws `token/malformed`, `jwe/not-encrypted`, `token/too-large`, `token/base64url`,
 * `token/json`, `token/duplicate-member`, `token/crit` or `token/header`.
 */
export function parseJwe(token: string, limits: TokenLimits = {}): UnverifiedJwe {
  if (typeof token !== 'string') throw malformed('it is not a string')
  if (token.length > maxLengthOf(limits))
    throw new TokenError('token/too-large', 'Cannot parse the token: it is longer than the limit')
  const dots = dotsOf(token)
  if (!COMPACT.test(token)) throw badSegment('a character is outside the base64url alphabet')
  const starts = [0, ...dots.map((dot) => dot + 1)]
  const ends = [...dots, token.length]
  const lengths = starts.map((start, at) => segmentLength(token, start, ends[at] ?? start))
  const header = checkJweHeader(parseJsonObject(decodeBase64url(token.slice(0, dots[0])), HEADER_LIMITS))
  const [, encryptedKey = 0, iv = 0, ciphertext = 0, tag = 0] = lengths
  return new UnverifiedJwe(header, { encryptedKey, iv, ciphertext, tag }, token)
}

function dotsOf(token: string): readonly number[] {
  const dots: number[] = []
  for (let at = token.indexOf('.'); at >= 0; at = token.indexOf('.', at + 1)) {
    if (dots.length === 4) throw malformed('it has not exactly 5 parts')
    dots.push(at)
  }
  if (dots.length === 4) return dots
  // RFC 7516 §9: three parts are a JWS, which another entry point takes
  if (dots.length === 2 && COMPACT.test(token))
    throw new TokenError('jwe/not-encrypted', 'Cannot parse the token: it is not encrypted, and must be')
  throw malformed('it has not exactly 5 parts')
}

function segmentLength(token: string, start: number, end: number): number {
  if (!hasCanonicalEnd(token, start, end))
    throw badSegment('a segment is not the canonical encoding of any bytes')
  return ((end - start) * 3) >> 2
}

function malformed(state: string): TokenError {
  return new TokenError('token/malformed', `Cannot parse the token: ${state}`)
}

function badSegment(state: string): TokenError {
  return new TokenError('token/base64url', `Cannot parse the token: ${state}`)
}

const COMPACT = /^[A-Za-z0-9_.-]*$/
const HEADER_LIMITS: JsonLimits = { maxDepth: 4, maxMembers: 64 }
