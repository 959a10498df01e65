import { asciiBytes, utf8Text } from '#platform'
import { eddsaEntry, isJwsAlgorithm, type VerifyAlgorithm } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { parseCompact, type TokenLimits, UnverifiedToken } from './compact.ts'
import { TokenError } from './errors.ts'
import type { UnverifiedHeader } from './header.ts'
import { type JsonObject, parseJsonText } from './json.ts'
import type { KeySource } from './key-set.ts'
import { rememberHeader } from './known-headers.ts'
import { VerifyKey } from './verify-key.ts'

declare const verified: unique symbol

/** Claims that a signature, or the tag under a key that two sides share, vouches for; nothing else gives this type. */
export type VerifiedClaims = JsonObject & { readonly [verified]: true }

/** A header that a signature vouches for. */
export interface JoseHeader extends UnverifiedHeader {
  readonly alg: VerifyAlgorithm
}

/** A token whose signature matches, and the key that says so. Nothing is known yet of what its claims demand. */
export interface VerifiedToken {
  /** As written in the header; compare its `normalizeTyp`. */
  readonly typ: string | undefined
  readonly header: JoseHeader
  readonly claims: VerifiedClaims
  readonly key: VerifyKey
}

/**
 * Verifies a compact JWT's form and signature (RFC 7515 §5.2, RFC 7519 §7.2); what its claims must say is policy's.
 * Throws the codes of `parseCompact` and of `verifyParsed`.
 */
export function verify(token: string, keys: VerifyKey | KeySource, limits: TokenLimits = {}): VerifiedToken {
  return verifyParsed(parseCompact(token, limits), keys)
}

/** `verify` for every platform; rejects with the codes of `verify` but `token/platform`. */
export async function verifyAsync(
  token: string,
  keys: VerifyKey | KeySource,
  limits: TokenLimits = {},
): Promise<VerifiedToken> {
  return verifyParsedAsync(parseCompact(token, limits), keys)
}

/**
 * Verifies a parsed token under the algorithm its key is bound to, never one the token chose (RFC 8725 §3.1).
 * Throws `token/alg`, `token/unknown-key`, `token/base64url`, `token/signature`, `token/json` or
 * `token/duplicate-member`, and `token/platform` where signatures are asynchronous.
 */
export function verifyParsed(token: UnverifiedToken, keys: VerifyKey | KeySource): VerifiedToken {
  return verifiedBy(keyThatSigned(token, keys), token)
}

/**
 * `verifyParsed` for every platform, with the signature checked beside other work: on the thread pool where there is
 * one. Rejects with the codes of `verifyParsed` but `token/platform`.
 */
export async function verifyParsedAsync(
  token: UnverifiedToken,
  keys: VerifyKey | KeySource,
): Promise<VerifiedToken> {
  return verifiedBy(await keyThatSignedAsync(token, keys), token)
}

/** The one key that made the token's signature; throws what `verifyParsed` throws before it reads the payload. */
export function keyThatSigned(token: UnverifiedToken, keys: VerifyKey | KeySource): VerifyKey {
  const parts = UnverifiedToken.parts(token)
  for (const key of candidatesFor(token.header, keys))
    if (VerifyKey.verifiesText(key, parts.token, parts.inputEnd)) return key
  // Of another form than the canonical one, or of another token
  decodeBase64url(parts.token.slice(parts.inputEnd + 1))
  throw noMatch()
}

/** `keyThatSigned` for every platform. */
export async function keyThatSignedAsync(
  token: UnverifiedToken,
  keys: VerifyKey | KeySource,
): Promise<VerifyKey> {
  const parts = UnverifiedToken.parts(token)
  const candidates = candidatesFor(token.header, keys)
  const input = asciiBytes(parts.token.slice(0, parts.inputEnd))
  const signature = decodeBase64url(parts.token.slice(parts.inputEnd + 1))
  for (const key of candidates) if (await VerifyKey.verifiesAsync(key, input, signature)) return key
  throw noMatch()
}

/** Brands what something else than a signature vouches for: the tag of a JWE under a shared key, or the issuer itself. */
export function vouchedClaims(claims: JsonObject): VerifiedClaims {
  return claims as VerifiedClaims
}

function acceptedAlg(header: UnverifiedHeader): VerifyAlgorithm {
  if (isJwsAlgorithm(header.alg)) return header.alg
  if (header.alg === eddsaEntry.alg) return eddsaEntry.alg
  throw new TokenError('token/alg', 'Cannot accept the token: its algorithm is not supported')
}

function candidatesFor(header: UnverifiedHeader, keys: VerifyKey | KeySource): readonly VerifyKey[] {
  const alg = acceptedAlg(header)
  const { kid } = header
  const offered = keys instanceof VerifyKey ? [keys] : keys.select({ alg, kid })
  // As good as always there is one, and it fits
  const [first] = offered
  if (offered.length === 1 && first !== undefined && isNamed(first, kid) && first.alg === alg) return offered
  const named = offered.filter((key) => isNamed(key, kid))
  if (named.length === 0 && alg !== eddsaEntry.alg)
    throw new TokenError('token/unknown-key', 'Cannot accept the token: no key fits its kid')
  const fitting = named.filter((key) => key.alg === alg)
  if (fitting.length > 0) return fitting
  throw new TokenError('token/alg', 'Cannot accept the token: its algorithm is not the one of its key')
}

function isNamed(key: VerifyKey, kid: string | undefined): boolean {
  return key.kid === kid || key.kid === undefined || kid === undefined
}

function noMatch(): TokenError {
  return new TokenError('token/signature', 'Cannot accept the token: its signature does not match')
}

/** The claims come out only here, after a key was found that made the signature. */
function verifiedBy(key: VerifyKey, token: UnverifiedToken): VerifiedToken {
  const parts = UnverifiedToken.parts(token)
  const text = parts.payloadText ?? utf8Text(decodeBase64url(parts.payload))
  const claims = parseJsonText(text, parts.limits) as VerifiedClaims
  // Its alg is the key's, of which every candidate was asked
  const header = token.header as JoseHeader
  if (parts.newHeader !== undefined) rememberHeader(parts.newHeader, header)
  return { typ: header.typ, header, claims, key }
}
