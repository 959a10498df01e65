import { asciiBytes, macOf, sameBytes, utf8Bytes } from '#platform'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { joined } from './joined.ts'
import type { Mac } from './platform/platform.ts'
import { Secret } from './secret.ts'

/** A symmetric key for refresh tokens; only `importMacKey` makes one. */
export class MacKey {
  /** Eight bytes as 11 characters of base64url. */
  readonly kid: string
  readonly #mac: Mac

  constructor(kid: string, mac: Mac) {
    this.kid = kid
    this.#mac = mac
  }

  static tag(key: MacKey, ...message: readonly Uint8Array[]): Uint8Array {
    return key.#mac(...message).subarray(0, TAG_LENGTH)
  }
}

/** What a refresh token names. */
export interface RefreshTokenParts {
  readonly kid: string
  /** 16 bytes as 22 characters of base64url. */
  readonly sessionId: string
  /** From 0 to 2^32 - 1. */
  readonly generation: number
}

/** A refresh token of correct form whose tags nobody has checked. */
export interface UnverifiedRefreshToken extends RefreshTokenParts {
  readonly innerTag: Uint8Array
  readonly outerTag: Uint8Array
}

/** Takes a secret of 32 bytes or more as a MAC key; throws `key/malformed`, `key/weak` or `token/platform`. */
export function importMacKey(kid: string, secret: Secret): MacKey {
  if (fixedBytes(kid, KID_LENGTH) === undefined) {
    throw new TokenError('key/malformed', 'Cannot import the MAC key: its kid is not 8 bytes of base64url')
  }
  const bytes = secret.reveal()
  if (bytes.length < 32)
    throw new TokenError('key/weak', 'Cannot import the MAC key: it has fewer than 32 bytes')
  return new MacKey(kid, macOf(bytes))
}

/**
 * Derives the refresh token of a generation. The same session, issuer, seed and key always give the same text, so a
 * lost answer can be given again without storing it. Throws `refresh/malformed`.
 */
export function makeRefreshToken(
  parts: { readonly sessionId: string; readonly generation: number },
  context: { readonly issuer: string; readonly seed: Secret | Uint8Array },
  key: MacKey,
): string {
  const body = bodyOf(key.kid, parts.sessionId, parts.generation)
  const inner = innerTag(body, context.issuer, context.seed, key)
  const outer = outerTag(body, inner, context.issuer, key)
  return PREFIX + encodeBase64url(joined(body, inner, outer))
}

/** Reads the form of a refresh token, of which there is exactly one; throws `refresh/malformed`. */
export function parseRefreshToken(text: string): UnverifiedRefreshToken {
  if (typeof text !== 'string' || !text.startsWith(PREFIX)) throw malformed('it has another prefix')
  const bytes = fixedBytes(text.slice(PREFIX.length), TOKEN_LENGTH)
  if (bytes === undefined) throw malformed(`it is not ${TOKEN_LENGTH} bytes of base64url`)
  const generation = new DataView(bytes.buffer, bytes.byteOffset).getUint32(GENERATION_AT)
  return {
    kid: encodeBase64url(bytes.subarray(0, SESSION_AT)),
    sessionId: encodeBase64url(bytes.subarray(SESSION_AT, GENERATION_AT)),
    generation,
    innerTag: bytes.subarray(BODY_LENGTH, BODY_LENGTH + TAG_LENGTH),
    outerTag: bytes.subarray(BODY_LENGTH + TAG_LENGTH),
  }
}

/** Whether the key made this token for this issuer; needs no session, so a forgery costs no look-up. False when the kid differs. */
export function checkOuterTag(token: UnverifiedRefreshToken, issuer: string, key: MacKey): boolean {
  if (token.kid !== key.kid) return false
  const body = bodyOf(token.kid, token.sessionId, token.generation)
  return sameBytes(outerTag(body, token.innerTag, issuer, key), token.outerTag)
}

/** Whether the token also belongs to the session that holds the seed; false when the kid differs. */
export function checkInnerTag(
  token: UnverifiedRefreshToken,
  issuer: string,
  seed: Secret | Uint8Array,
  key: MacKey,
): boolean {
  if (token.kid !== key.kid) return false
  const body = bodyOf(token.kid, token.sessionId, token.generation)
  return sameBytes(innerTag(body, issuer, seed, key), token.innerTag)
}

function bodyOf(kid: string, sessionId: string, generation: number): Uint8Array {
  const kidBytes = fixedBytes(kid, KID_LENGTH)
  const sessionBytes = fixedBytes(sessionId, SESSION_ID_LENGTH)
  if (kidBytes === undefined || sessionBytes === undefined)
    throw malformed('its kid or session id has another length')
  if (!Number.isInteger(generation) || generation < 0 || generation > MAX_GENERATION) {
    throw malformed('its generation is out of range')
  }
  return joined(kidBytes, sessionBytes, uint32(generation))
}

function innerTag(body: Uint8Array, issuer: string, seed: Secret | Uint8Array, key: MacKey): Uint8Array {
  const seedBytes = seed instanceof Secret ? seed.reveal() : seed
  if (seedBytes.length !== SEED_LENGTH) throw malformed(`its seed has not ${SEED_LENGTH} bytes`)
  return MacKey.tag(key, INNER_LABEL, ...prefixed(issuer), body, seedBytes)
}

function outerTag(body: Uint8Array, inner: Uint8Array, issuer: string, key: MacKey): Uint8Array {
  return MacKey.tag(key, OUTER_LABEL, ...prefixed(issuer), body, inner)
}

/** The length before the issuer keeps two different splits of one message apart. */
function prefixed(issuer: string): readonly [Uint8Array, Uint8Array] {
  const bytes = utf8Bytes(issuer)
  return [uint32(bytes.length), bytes]
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

function fixedBytes(text: string, length: number): Uint8Array | undefined {
  if (text.length !== Math.ceil((length * 4) / 3)) return undefined
  try {
    return decodeBase64url(text)
  } catch {
    return undefined
  }
}

function malformed(state: string): TokenError {
  return new TokenError('refresh/malformed', `Cannot read the refresh token: ${state}`)
}

const PREFIX = 'jwr_'
const KID_LENGTH = 8
const SESSION_ID_LENGTH = 16
const SEED_LENGTH = 32
const TAG_LENGTH = 16
const SESSION_AT = KID_LENGTH
const GENERATION_AT = SESSION_AT + SESSION_ID_LENGTH
const BODY_LENGTH = GENERATION_AT + 4
const TOKEN_LENGTH = BODY_LENGTH + 2 * TAG_LENGTH
const MAX_GENERATION = 2 ** 32 - 1
const INNER_LABEL: Uint8Array = asciiBytes('jotwarden/refresh/inner\0')
const OUTER_LABEL: Uint8Array = asciiBytes('jotwarden/refresh/outer\0')
