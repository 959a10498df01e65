import type { AccessClaims } from '@jotwarden/policy'
import type { Context, MiddlewareHandler } from 'hono'
import type { AuthContext } from '../auth-context.ts'
import type { Verifier } from '../create-verifier.ts'
import type { ProtectedResourceMetadata } from '../resource-metadata/protected-resource-metadata.ts'
import { answer, withHeaders } from './fetch.ts'
import { type AuthOptions, requestGuard } from './request-guard.ts'

/** What {@link requireAuth} sets: `c.var.auth`. */
export interface AuthVariables<C extends AccessClaims = AccessClaims> {
  auth: AuthContext<C>
}

/** What {@link requireAuth} sets on a route that also serves callers who send nothing. */
export interface OptionalAuthVariables<C extends AccessClaims = AccessClaims> {
  auth: AuthContext<C> | undefined
}

/** What a route demands. */
export type RequireAuthOptions = AuthOptions

/**
 * Middleware for Hono: verifies the request's token, holds it to the demands, and sets `c.var.auth`.
 * Refusals, also of `c.var.auth.require` in the handler, are answered as RFC 6750 §3 says, with `no-store`.
 * Throws `verifier/options` at once for scopes or a realm that do not fit into a header, for unknown options, and for
 * `fresh` where the issuer cannot be asked.
 */
export function requireAuth<C extends AccessClaims>(
  verifier: Verifier<C>,
  options: RequireAuthOptions & { readonly optional: true },
): MiddlewareHandler<{ Variables: OptionalAuthVariables<C> }>
export function requireAuth<C extends AccessClaims>(
  verifier: Verifier<C>,
  options?: RequireAuthOptions & { readonly optional?: false },
): MiddlewareHandler<{ Variables: AuthVariables<C> }>
export function requireAuth<C extends AccessClaims>(
  verifier: Verifier<C>,
  options: RequireAuthOptions = {},
):
  | MiddlewareHandler<{ Variables: AuthVariables<C> }>
  | MiddlewareHandler<{ Variables: OptionalAuthVariables<C> }> {
  const guard = requestGuard(verifier, options)
  const middleware: MiddlewareHandler<{ Variables: OptionalAuthVariables<C> }> = async (c, next) => {
    const admission = await guard.admit(c.req.raw)
    if (!admission.admitted) return answer(admission.challenge)
    const { auth, headers } = admission
    c.set('auth', auth)
    await next()
    const refusal = guard.answerTo(c.error, auth)
    if (refusal !== undefined) replace(c, withHeaders(answer(refusal), crossOriginHeaders(c.res)))
    else if (Object.keys(headers).length > 0) c.res = withHeaders(c.res, headers)
    return undefined
  }
  return middleware
}

/** Emptied first: Hono would carry headers of the answer that is replaced over into the new one. */
function replace(c: Context, response: Response): void {
  c.res = undefined
  c.res = response
}

/** Without them no page of another origin could read the refusal. */
function crossOriginHeaders({ headers }: Response): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].filter(([name]) => /^(?:access-control-|vary$)/.test(name)))
}

/** Middleware that serves the metadata of the resource at its well-known path (RFC 9728 §3). */
export function serveResourceMetadata(metadata: ProtectedResourceMetadata): MiddlewareHandler {
  return async (c, next) => (c.req.path === metadata.path ? metadata.fetch(c.req.raw) : next())
}
