import { isScope } from '@jotwarden/policy'
import type { JsonObject, JsonValue } from '@jotwarden/token'
import { unavailable } from '../introspection/ask-introspection.ts'
import { refusedToken } from '../refused-token.ts'

/**
 * The claims of a token as its issuer tells them now: what the answer of an introspection says replaces what the token
 * says, and scopes that it does not name are no longer granted.
 * Throws `verifier/invalid-token`, or `verifier/freshness-unavailable` for an answer that makes no sense.
 */
export function freshClaims(claims: JsonObject, answer: JsonObject): JsonObject {
  if (answer.active !== true) throw refusedToken('revoked', 'the issuer says that it is no longer active')
  if (Object.hasOwn(answer, 'cnf') && claims.cnf === undefined)
    throw refusedToken('sender-constrained', 'it is bound to a key of which the token says nothing')
  for (const name of identity)
    if (Object.hasOwn(answer, name) && !isSame(answer[name], claims[name]))
      throw refusedToken('introspection-differs', 'the issuer says something else of it')
  const { scope: granted } = answer
  if (granted !== undefined && granted !== '' && !(typeof granted === 'string' && isScope(granted)))
    throw unavailable('document-malformed')
  const { scope: _before, ...kept } = claims
  return {
    ...kept,
    ...overlay(answer),
    ...(granted === undefined || granted === '' ? {} : { scope: granted }),
  }
}

function overlay(answer: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !notOverlaid.has(name)))
}

// One audience may be written as text or as a list (RFC 7519 §4.1.3)
function isSame(told: JsonValue | undefined, claimed: JsonValue | undefined): boolean {
  const [one, other] = [told, claimed].map((value) => JSON.stringify([value].flat().sort()))
  return one === other
}

/** What makes the token the one it is. */
const identity = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id', 'cnf'] as const
/** `active` and `token_type` speak of the answer, not of the token. */
const notOverlaid: ReadonlySet<string> = new Set(['active', 'token_type', 'scope', ...identity])
