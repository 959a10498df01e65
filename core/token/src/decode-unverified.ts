import { decodeBase64url } from './base64url.ts'
import { parseCompact, type TokenLimits, UnverifiedToken } from './compact.ts'
import type { UnverifiedHeader } from './header.ts'
import { type JsonObject, parseJsonObject } from './json.ts'

/** Shows what a token says without checking who said it: for people and logs, never for decisions; throws as `parseCompact`. */
export function decodeUnverified(
  token: string,
  limits: TokenLimits = {},
): { readonly header: UnverifiedHeader; readonly claims: JsonObject } {
  const parsed = parseCompact(token, limits)
  const { token: text, inputEnd, payload } = UnverifiedToken.parts(parsed)
  decodeBase64url(text.slice(inputEnd + 1))
  const claims = parseJsonObject(decodeBase64url(payload), limits)
  return { header: parsed.header, claims }
}
