import { TokenError } from '../errors.ts'
import { type JsonObject, parseJsonObject } from '../json.ts'
import { normalizeTyp } from '../typ.ts'
import { type VerifiedClaims, vouchedClaims } from '../verify.ts'
import { checkReplicatedClaims } from './claims-differ.ts'
import {
  type DecryptedJwe,
  type DecryptKeys,
  type DecryptLimits,
  decrypt,
  type JweHeader,
} from './decrypt.ts'
import type { DecryptKey } from './keys.ts'

/** A JWT under a key that only the two sides have. */
export interface DecryptedJwt {
  /** As written in the header; compare its `normalizeTyp`. */
  readonly typ: string | undefined
  readonly header: JweHeader
  readonly claims: VerifiedClaims
  readonly key: DecryptKey<true>
}

/** Claims that anybody may have written; no policy takes them. */
export interface UnauthenticatedClaims {
  readonly header: JweHeader
  readonly unauthenticated: JsonObject
}

/**
 * Decrypts a JWT whose key vouches for it (RFC 7519 §7.2): one shared by the two sides, never a public one.
 * Throws the codes of `decrypt`; `jwe/unauthenticated` for another key; `jwe/nested` for a nested token, which
 * `decryptThenVerify` takes; `token/json`, `token/duplicate-member` or `jwe/claims-differ`.
 */
export async function decryptClaims(
  token: string,
  keys: DecryptKeys<true>,
  options: DecryptLimits = {},
): Promise<DecryptedJwt> {
  const jwe = await decrypt(token, keys, options)
  if (!jwe.authenticated || !jwe.key.authenticates)
    throw new TokenError(
      'jwe/unauthenticated',
      'Cannot accept the claims: anybody may have encrypted them for this key',
    )
  const claims = vouchedClaims(claimsOf(jwe, options))
  return { typ: jwe.header.typ, header: jwe.header, claims, key: jwe.key }
}

/**
 * Reads the claims of a token that anybody may have encrypted: for those who mean to treat them as they treat a form
 * that was filled in. Throws `jwe/nested`, `token/json`, `token/duplicate-member` or `jwe/claims-differ`.
 */
export function unauthenticatedClaims(jwe: DecryptedJwe, limits: DecryptLimits = {}): UnauthenticatedClaims {
  return { header: jwe.header, unauthenticated: claimsOf(jwe, limits) }
}

function claimsOf({ header, plaintext }: DecryptedJwe, limits: DecryptLimits): JsonObject {
  if (isNested(header))
    throw new TokenError(
      'jwe/nested',
      'Cannot read the claims: a signed token is inside, which must be verified',
    )
  const claims = parseJsonObject(plaintext, limits)
  checkReplicatedClaims(header, claims)
  return claims
}

/** RFC 7519 §5.2: `cty` says JWT where another token is inside. */
export function isNested({ cty }: JweHeader): boolean {
  return cty !== undefined && normalizeTyp(cty) === 'jwt'
}
