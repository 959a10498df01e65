import { timingSafeEqual } from 'node:crypto'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { type MacKey, mac } from './mac-key.ts'

/**
 * A refresh token that parsed; nothing is known of it until both tags are checked.
 *
 * On the wire: `jwr_` and 80 characters of base64url for 60 bytes: key id (8), session id (16), generation (4, big-endian),
 * inner tag (16), outer tag (16). The bytes are a function of the session row, so a retry derives the same token again.
 */
export interface UnverifiedRefreshToken {
  readonly kid: string
  readonly sessionId: string
  readonly generation: number
  readonly innerTag: Uint8Array
  readonly outerTag: Uint8Array
}

/** Derives the token of a generation. `seed` is the session row's. Throws `refresh/malformed`. */
export function makeRefreshToken(
  parts: { readonly sessionId: string; readonly generation: number },
  context: { readonly issuer: string; readonly seed: Uint8Array },
  key: MacKey,
): string {
  const head = headBytes(key.kid, parts.sessionId, parts.generation)
  const inner = innerTag(head, context.issuer, context.seed, key)
  const outer = outerTag(head, inner, context.issuer, key)
  return PREFIX + encodeBase64url(Buffer.concat([head, inner, outer]))
}

/** Takes a token apart. Throws `refresh/malformed`. */
export function parseRefreshToken(text: string): UnverifiedRefreshToken {
  if (typeof text !== 'string' || !FORM.test(text)) throw malformed()
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  return {
    kid: encodeBase64url(bytes.subarray(0, 8)),
    sessionId: encodeBase64url(bytes.subarray(8, 24)),
    generation: bytes.readUInt32BE(24),
    innerTag: bytes.subarray(28, 44),
    outerTag: bytes.subarray(44, 60),
  }
}

/** Whether the issuer's key made it: asked before anything is looked up. */
export function checkOuterTag(token: UnverifiedRefreshToken, issuer: string, key: MacKey): boolean {
  if (token.kid !== key.kid) return false
  const head = headBytes(token.kid, token.sessionId, token.generation)
  return timingSafeEqual(outerTag(head, token.innerTag, issuer, key), token.outerTag)
}

/** Whether the session row's seed went into it: a stolen key alone makes no token, nor does a stolen database. */
export function checkInnerTag(
  token: UnverifiedRefreshToken,
  issuer: string,
  seed: Uint8Array,
  key: MacKey,
): boolean {
  if (token.kid !== key.kid) return false
  const head = headBytes(token.kid, token.sessionId, token.generation)
  return timingSafeEqual(innerTag(head, issuer, seed, key), token.innerTag)
}

function innerTag(head: Uint8Array, issuer: string, seed: Uint8Array, key: MacKey): Uint8Array {
  return mac(key, 'jotwarden/refresh/inner', [Buffer.from(issuer, 'utf8'), head, seed]).subarray(0, 16)
}

function outerTag(head: Uint8Array, inner: Uint8Array, issuer: string, key: MacKey): Uint8Array {
  return mac(key, 'jotwarden/refresh/outer', [Buffer.from(issuer, 'utf8'), head, inner]).subarray(0, 16)
}

function headBytes(kid: string, sessionId: string, generation: number): Uint8Array {
  const [kidBytes, sessionBytes] = [decodeBase64url(kid), decodeBase64url(sessionId)]
  const sound = Number.isInteger(generation) && generation >= 0 && generation <= 0xffff_ffff
  if (kidBytes.length !== 8 || sessionBytes.length !== 16 || !sound) throw malformed()
  const counter = Buffer.alloc(4)
  counter.writeUInt32BE(generation)
  return Buffer.concat([kidBytes, sessionBytes, counter])
}

function malformed(): TokenError {
  return new TokenError('refresh/malformed', 'Cannot parse the refresh token: it is malformed')
}

const PREFIX = 'jwr_'
const FORM = /^jwr_[A-Za-z0-9_-]{80}$/
