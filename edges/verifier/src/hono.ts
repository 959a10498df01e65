import type { MiddlewareHandler } from 'hono'
import type { AuthContext } from './auth-context.ts'
import { type ChallengeOptions, challenge, challengeResponse } from './challenge.ts'
import type { Verifier } from './create-verifier.ts'
import { VerifierError, type VerifierErrorCode } from './errors.ts'

/** What {@link requireAuth} sets: `c.var.auth`. */
export interface AuthVariables {
  auth: AuthContext
}

/** What {@link requireAuth} sets on a route that also serves callers who send nothing. */
export interface OptionalAuthVariables {
  auth: AuthContext | undefined
}

/** What a route demands. */
export interface RequireAuthOptions extends ChallengeOptions {
  /** Lets requests without any Authorization header pass. A bad token is refused all the same. */
  readonly optional?: boolean
  /** `allow` lets a token pass though revocations may have been missed. */
  readonly whenStale?: 'refuse' | 'allow'
  /** Asks the issuer before the handler runs, as `AuthContext.requireFresh` does. Needs a verifier with a credential. */
  readonly fresh?: boolean
}

/**
 * Middleware for Hono: verifies the request's token, demands the scopes, and sets `c.var.auth`.
 * Refusals, also of `c.var.auth.require` in the handler, are answered as RFC 6750 §3 says, with `no-store`.
 * Throws `verifier/options` at once for scopes or a realm that do not fit into a header, and for `fresh` where the
 * issuer cannot be asked.
 */
export function requireAuth(
  verifier: Verifier,
  options: RequireAuthOptions & { readonly optional: true },
): MiddlewareHandler<{ Variables: OptionalAuthVariables }>
export function requireAuth(
  verifier: Verifier,
  options?: RequireAuthOptions & { readonly optional?: false },
): MiddlewareHandler<{ Variables: AuthVariables }>
export function requireAuth(
  verifier: Verifier,
  options: RequireAuthOptions = {},
): MiddlewareHandler<{ Variables: AuthVariables }> | MiddlewareHandler<{ Variables: OptionalAuthVariables }> {
  const { scopes = [], optional = false, fresh = false, whenStale = 'refuse' } = options
  challenge(new VerifierError('verifier/no-credentials', 'Cannot pass: nothing was sent'), options)

  if (fresh && verifier.revocation === null)
    throw new VerifierError(
      'verifier/options',
      'Cannot ask the issuer of each token: the verifier has no credential; pass one as its option revocation',
    )

  const middleware: MiddlewareHandler<{ Variables: OptionalAuthVariables }> = async (c, next) => {
    try {
      const sent = await verifier.authenticate(c.req.raw, { whenStale })
      const auth = fresh ? await sent.requireFresh() : sent
      auth.require(...scopes)
      c.set('auth', auth)
    } catch (error) {
      if (!(optional && isAnonymous(error))) return challengeResponse(error, options)
      c.set('auth', undefined)
    }
    await next()
    if (c.error instanceof VerifierError && askedInHandler.has(c.error.code)) {
      // Emptied first: Hono would carry headers of the answer that is replaced over into the new one
      c.res = undefined
      c.res = challengeResponse(c.error, options)
    }
    return undefined
  }
  return middleware
}

/** What the handler may have asked of `c.var.auth`. */
const askedInHandler: ReadonlySet<VerifierErrorCode> = new Set<VerifierErrorCode>([
  'verifier/insufficient-scope',
  'verifier/invalid-token',
  'verifier/freshness-unavailable',
])

function isAnonymous(error: unknown): boolean {
  return error instanceof VerifierError && error.code === 'verifier/no-credentials'
}
