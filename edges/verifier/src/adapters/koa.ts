import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AuthContext } from '../auth-context.ts'
import type { Challenge } from '../challenge.ts'
import type { Verifier } from '../create-verifier.ts'
import type { ProtectedResourceMetadata } from '../resource-metadata/protected-resource-metadata.ts'
import { type NodeAuthOptions, type NodeGuard, nodeGuard } from './node.ts'
import { callerOf, furtherGuard, type Gate, passageOf, rememberPassage } from './passage.ts'
import type { RouteDemands } from './request-guard.ts'

export type { NodeAuthOptions as KoaAuthOptions } from './node.ts'
export type { AuthOptions, RouteDemands } from './request-guard.ts'

/** What the adapter needs of Koa's context. */
export interface KoaContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly method: string
  readonly path: string
  status: number
  body: unknown
  /** `auth` is who calls. */
  readonly state: object
}

/** Middleware of Koa. */
export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<void>

/**
 * Middleware for Koa 3: verifies the request's token, holds it to the demands, and sets `ctx.state.auth`, which
 * {@link getAuth} reads with its type. Refusals, also of `auth.require` in what comes after, are answered as RFC 6750
 * §3 says, with `no-store`. Throws `verifier/options` at once for options that cannot work.
 */
export function authenticate(verifier: Verifier, options: NodeAuthOptions = {}): KoaMiddleware {
  const guard = nodeGuard(verifier, options)
  return (context, next) => pass(context, next, { verifier, options, guard }, guard.admit(context.req))
}

/**
 * Middleware for a route after {@link authenticate}: demands more of the same caller, and refuses who has sent nothing.
 * Its challenges have the realm and the metadata of `authenticate`, unless it is given others.
 * Throws `verifier/options`: at once for options that cannot work, and where `authenticate` has not run.
 */
export function requireAuth(options: RouteDemands = {}): KoaMiddleware {
  const guardBehind = furtherGuard(options)
  return async (context, next) => {
    const { gate, auth } = passageOf(context.req)
    const guard = guardBehind(gate)
    await pass(context, next, { ...gate, guard }, guard.demand(auth))
  }
}

/**
 * Who calls. Throws `verifier/options` where `authenticate` has not run, and `verifier/no-credentials` where it let
 * nobody in particular pass, unless that is asked for here too.
 */
export function getAuth(context: KoaContext, options: { readonly optional: true }): AuthContext | undefined
export function getAuth(context: KoaContext): AuthContext
export function getAuth(context: KoaContext, options?: { readonly optional: true }): AuthContext | undefined {
  return callerOf(context.req, options?.optional)
}

/** Middleware that serves the metadata of the resource at its well-known path (RFC 9728 §3). */
export function serveResourceMetadata(metadata: ProtectedResourceMetadata): KoaMiddleware {
  return async (context, next) => {
    if (context.path !== metadata.path) return void (await next())
    const { status, headers, body } = metadata.answer(context.method)
    context.body = body ?? null
    context.status = status
    for (const [name, value] of Object.entries(headers)) context.res.setHeader(name, value)
  }
}

async function pass(
  context: KoaContext,
  next: () => Promise<unknown>,
  gate: Gate,
  outcome: ReturnType<NodeGuard['demand']>,
): Promise<void> {
  const { res } = context
  const admission = await outcome
  if (!admission.admitted) return refuse(context, admission.challenge, res.getHeaders())
  const { auth, headers } = admission
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  const kept = { ...res.getHeaders() }
  rememberPassage(context.req, { gate, auth, kept })
  Object.assign(context.state, { auth })
  try {
    await next()
  } catch (error) {
    const refusal = res.headersSent ? undefined : gate.guard.answerTo(error, auth)
    if (refusal === undefined) throw error
    refuse(context, refusal, kept)
  }
}

function refuse(context: KoaContext, { status, headers }: Challenge, kept: OutgoingHttpHeaders): void {
  const { res } = context
  // Koa sets a status of its own with a body, so this comes first
  context.body = null
  context.status = status
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  for (const [name, value] of Object.entries({ ...kept, ...headers }))
    if (value !== undefined) res.setHeader(name, value)
}
