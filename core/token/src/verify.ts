import { isJwsAlgorithm } from './algorithms.ts'
import {
  type JoseHeader,
  normalizeTyp,
  parseCompact,
  type TokenLimits,
  type UnverifiedToken,
} from './compact.ts'
import { TokenError } from './errors.ts'
import { type JsonObject, parseJsonObject } from './json.ts'
import { verifyBytes } from './jws-crypto.ts'
import type { KeySource } from './key-set.ts'
import type { VerifyKey } from './keys.ts'

declare const verified: unique symbol

/** Claims whose signature was checked, here and nowhere else; what they mean is for policy to decide. */
export type VerifiedClaims = JsonObject & { readonly [verified]: true }

/** A token whose signature is good. */
export interface VerifiedToken {
  /** The media type it says it is, shortened and in lower case; undefined when it does not say. */
  readonly typ: string | undefined
  readonly header: JoseHeader
  readonly claims: VerifiedClaims
  /** The key that verified it. */
  readonly key: VerifyKey
}

/**
 * Verifies a compact JWS (RFC 7515 §5.2, RFC 7519 §7.2). The algorithm is the key's.
 *
 * Throws what `parseCompact` throws, and `token/alg`, `token/unknown-key`, `token/signature`, `token/claims`.
 */
export function verify(token: string, keys: VerifyKey | KeySource, limits?: TokenLimits): VerifiedToken {
  return verifyParsed(parseCompact(token, limits), keys)
}

/** The second half of `verify`, for callers that must look at the header to fetch keys. */
export function verifyParsed(token: UnverifiedToken, keys: VerifyKey | KeySource): VerifiedToken {
  const header = token.unverifiedHeader
  if (!isJwsAlgorithm(header.alg))
    throw new TokenError('token/alg', 'Cannot accept the token: its alg is not supported')
  const key = verifyingKey(token, candidates(header, keys))
  const claims = parseClaims(token)
  return { typ: header.typ === undefined ? undefined : normalizeTyp(header.typ), header, claims, key }
}

/** Reads a token without believing it: for tools and logs, never for a decision. Throws what `parseCompact` throws. */
export function decodeUnverified(
  token: string,
  limits?: TokenLimits,
): {
  readonly unverifiedHeader: JoseHeader
  readonly unverifiedClaims: JsonObject
} {
  const { unverifiedHeader, unverifiedPayload } = parseCompact(token, limits)
  return { unverifiedHeader, unverifiedClaims: parseJsonObject(unverifiedPayload, limits) }
}

function candidates(header: JoseHeader, keys: VerifyKey | KeySource): readonly VerifyKey[] {
  if ('select' in keys) return keys.select(header)
  return header.kid === undefined || keys.kid === undefined || keys.kid === header.kid ? [keys] : []
}

function verifyingKey(token: UnverifiedToken, keys: readonly VerifyKey[]): VerifyKey {
  if (keys.length === 0)
    throw new TokenError('token/unknown-key', 'Cannot accept the token: no key is known for it')
  const usable = keys.filter((key) => key.alg === token.unverifiedHeader.alg)
  if (usable.length === 0)
    throw new TokenError('token/alg', 'Cannot accept the token: its alg is not the key’s')
  const input = Buffer.from(token.signingInput, 'ascii')
  const key = usable.find((candidate) => verifyBytes(input, token.signature, candidate))
  if (key === undefined)
    throw new TokenError('token/signature', 'Cannot accept the token: its signature does not match')
  return key
}

function parseClaims(token: UnverifiedToken): VerifiedClaims {
  return Object.freeze(parseJsonObject(token.unverifiedPayload, token.limits)) as VerifiedClaims
}
