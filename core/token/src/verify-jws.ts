import { decodeBase64url } from './base64url.ts'
import { parseCompact, type TokenLimits, UnverifiedToken } from './compact.ts'
import type { KeySource } from './key-set.ts'
import { type JoseHeader, keyThatSigned, keyThatSignedAsync } from './verify.ts'
import type { VerifyKey } from './verify-key.ts'

/** A signed text of any kind. */
export interface VerifiedJws {
  readonly header: JoseHeader
  readonly payload: Uint8Array
  readonly key: VerifyKey
}

/**
 * Verifies a compact JWS whose payload may be anything (RFC 7515 §5.2), as strictly as `verify`: for documents, not for
 * tokens, whose claims `verify` alone gives. Throws the codes of `verify` that are not about the payload.
 */
export function verifyJws(jws: string, keys: VerifyKey | KeySource, limits: TokenLimits = {}): VerifiedJws {
  const parsed = parseCompact(jws, limits)
  return verifiedJws(parsed, keyThatSigned(parsed, keys))
}

/** `verifyJws` for every platform; rejects with its codes but `token/platform`. */
export async function verifyJwsAsync(
  jws: string,
  keys: VerifyKey | KeySource,
  limits: TokenLimits = {},
): Promise<VerifiedJws> {
  const parsed = parseCompact(jws, limits)
  return verifiedJws(parsed, await keyThatSignedAsync(parsed, keys))
}

function verifiedJws(parsed: UnverifiedToken, key: VerifyKey): VerifiedJws {
  const payload = decodeBase64url(UnverifiedToken.parts(parsed).payload)
  return { header: parsed.header as JoseHeader, payload, key }
}
