// Compiled with the tests and never run: each expected error is one that the compiler has to give
import type { IncomingMessage } from 'node:http'
import type { AccessClaims } from '@jotwarden/policy'
import { type AuthContext, decodeUnverified, type Verifier } from '@jotwarden/verifier'
import { getAuth as fromExpress } from '@jotwarden/verifier/express'
import { getAuth as fromFastify } from '@jotwarden/verifier/fastify'
import { type AuthOptions, withAuth } from '@jotwarden/verifier/fetch'
import { requireAuth } from '@jotwarden/verifier/hono'
import { contextOf } from '@jotwarden/verifier/mcp'
import { createAuth } from '@jotwarden/verifier/next'
import { withAuth as withNodeAuth } from '@jotwarden/verifier/node'
import { authMiddleware, createAuthContext, type TrpcAuth } from '@jotwarden/verifier/trpc'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import { initTRPC } from '@trpc/server'
import type { FastifyRequest } from 'fastify'
import type { MiddlewareHandler } from 'hono'

declare const verifier: Verifier
declare const text: string
declare const wide: AuthOptions
const response = new Response()

export function handler(_auth: AuthContext): Response {
  return response
}

export function nothingDecodedReachesAHandler(): void {
  const unverified = decodeUnverified(text)
  // @ts-expect-error what was decoded was not verified
  handler(unverified)
  // @ts-expect-error nor were its claims
  handler({ ...verified(), claims: unverified.claims })
  // @ts-expect-error claims that somebody wrote were not verified
  handler({ ...verified(), claims: { iss: '', sub: '', aud: '', exp: 1, iat: 1, jti: '', client_id: '' } })
  // @ts-expect-error a promise is no caller yet: it has to be awaited
  handler(verifier.verify(text))
}

export function whoMayBeNobodyHasToBeAskedFor(
  request: IncomingMessage,
  fastify: FastifyRequest,
  info: AuthInfo,
): void {
  // @ts-expect-error an optional route may have nobody
  withAuth(verifier, { optional: true }, (_, auth) => handler(auth))
  // @ts-expect-error options that are not known here may be optional
  withAuth(verifier, wide, (_, auth) => handler(auth))
  // @ts-expect-error the same on node:http
  withNodeAuth(verifier, { optional: true }, (_request, _response, auth) => handler(auth))
  // @ts-expect-error and on Express
  handler(fromExpress(request, { optional: true }))
  // @ts-expect-error a route of Fastify may be open
  handler(fastify.auth)
  // @ts-expect-error what a tool of MCP is told may come from anybody
  handler(info.extra?.auth)
  withAuth(verifier, {}, (_, auth) => handler(auth))
  withNodeAuth(verifier, { scopes: ['a'] }, (_request, _response, auth) => handler(auth))
  handler(fromExpress(request))
  handler(fromFastify(fastify))
  handler(contextOf(info))
}

export function aProcedureNeedsItsMiddleware(): void {
  const t = initTRPC.context<TrpcAuth>().create()
  // @ts-expect-error without the middleware the procedure is open
  t.procedure.query(({ ctx }) => handler(ctx.auth))
  t.procedure.use(authMiddleware()).query(({ ctx }) => handler(ctx.auth))
}

export async function authOfNextIsAwaited(): Promise<void> {
  const auth = createAuth(verifier, async () => new Headers())
  // @ts-expect-error a promise is no caller yet
  handler(auth())
  handler(await auth())
}

/** What the schema of a verifier says of the claims, the handlers of every framework know. */
export function claimsHaveTheirType(typed: Verifier<TenantClaims>): void {
  withAuth(typed, {}, (_, auth) => new Response(auth.claims.tenant))
  withNodeAuth(typed, {}, (_request, response, auth) => response.end(auth.claims.tenant))
  requireAuth(typed) satisfies MiddlewareHandler<{ Variables: { auth: AuthContext<TenantClaims> } }>
  const t = initTRPC.context<TrpcAuth<TenantClaims>>().create()
  t.procedure.use(authMiddleware<TenantClaims>()).query(({ ctx }) => ctx.auth.claims.tenant)
  createAuthContext(typed) satisfies (call: { req: Request }) => Promise<TrpcAuth<TenantClaims>>
  const plain = initTRPC.context<TrpcAuth>().create()
  // @ts-expect-error a context whose claims no schema has seen has no such type
  plain.procedure.use(authMiddleware<TenantClaims>())
  // @ts-expect-error nor has a verifier without the schema
  withAuth(verifier, {}, (_, auth) => new Response(auth.claims.tenant satisfies string))
}

type TenantClaims = AccessClaims & { readonly tenant: string }

declare function verified(): AuthContext
