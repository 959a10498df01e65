import type { AccessClaims } from '@jotwarden/policy'
import { parseScope } from '@jotwarden/policy'
import type { JoseHeader } from '@jotwarden/token'
import { VerifierError } from './errors.ts'

/** Who calls, and what was granted: the one result of a verifier. Frozen throughout. */
export interface AuthContext {
  readonly tokenKind: 'jwt'
  readonly claims: AccessClaims
  readonly header: JoseHeader
  /** The token itself. Not enumerable, so that neither logging nor JSON nor spreading shows it. */
  readonly token: string
  readonly subject: string
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly issuer: string
  readonly audience: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt: number
  /** Says whether a scope was granted. */
  has(scope: string): boolean
  /** Throws `verifier/insufficient-scope` unless all of these scopes were granted. */
  require(...scopes: readonly string[]): void
  /**
   * Asks the issuer at this moment, and answers a context of what it says: for acts that cannot wait for the feed.
   * Throws `verifier/invalid-token`, `verifier/freshness-unavailable`, or `verifier/options` without a credential.
   */
  requireFresh(): Promise<AuthContext>
}

/** Asks the issuer of a context's token for its claims as they are now. */
export type Freshen = (context: AuthContext) => Promise<AccessClaims>

/** Makes the context of a token that was verified and allowed. */
export function authContext(
  token: string,
  header: JoseHeader,
  claims: AccessClaims,
  freshen: Freshen,
): AuthContext {
  const granted: ReadonlySet<string> = new Set(claims.scope === undefined ? [] : parseScope(claims.scope))
  const has = (scope: string): boolean => granted.has(scope)
  const shown = {
    tokenKind: 'jwt' as const,
    claims: deepFreeze(claims),
    header: deepFreeze(header),
    subject: claims.sub,
    clientId: claims.client_id,
    // A copy: what `has` and `require` ask cannot be reached from outside
    scopes: new Set(granted),
    issuer: claims.iss,
    audience: Object.freeze([claims.aud].flat()),
    expiresAt: claims.exp,
  }
  const hidden = {
    token,
    has,
    require: (...scopes: readonly string[]) => requireScopes(has, scopes),
    requireFresh: async () => authContext(token, header, await freshen(context), freshen),
  }
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(shown, name, { value })
  const context: AuthContext = Object.freeze(shown as typeof shown & typeof hidden)
  return context
}

function requireScopes(has: (scope: string) => boolean, scopes: readonly string[]): void {
  if (scopes.every(has)) return
  throw new VerifierError(
    'verifier/insufficient-scope',
    'Cannot allow the act: the token grants too little',
    { scopes },
  )
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
