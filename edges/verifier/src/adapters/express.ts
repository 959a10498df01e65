import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AuthContext } from '../auth-context.ts'
import type { Verifier } from '../create-verifier.ts'
import { type NodeAuthOptions, type NodeGuard, nodeGuard, refuse } from './node.ts'
import { callerOf, findPassage, furtherGuard, type Gate, passageOf, rememberPassage } from './passage.ts'
import type { RouteDemands } from './request-guard.ts'

export { type NodeAuthOptions as ExpressAuthOptions, serveResourceMetadata } from './node.ts'
export type { AuthOptions, RouteDemands } from './request-guard.ts'

/** Middleware of Express, and of whatever else takes it. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** Middleware of Express that answers errors. */
export type ExpressErrorMiddleware = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Middleware for Express: verifies the request's token, holds it to the demands, and sets `req.auth`, which
 * {@link getAuth} reads with its type. Refusals are answered as RFC 6750 §3 says, with `no-store`.
 * Throws `verifier/options` at once for options that cannot work.
 */
export function authenticate(verifier: Verifier, options: NodeAuthOptions = {}): ExpressMiddleware {
  const guard = nodeGuard(verifier, options)
  return (request, response, next) => {
    pass(request, response, next, { verifier, options, guard }, guard.admit(request))
  }
}

/**
 * Middleware for a route after {@link authenticate}: demands more of the same caller, and refuses who has sent nothing.
 * Its challenges have the realm and the metadata of `authenticate`, unless it is given others.
 * Throws `verifier/options`: at once for options that cannot work, by `next` where `authenticate` has not run.
 */
export function requireAuth(options: RouteDemands = {}): ExpressMiddleware {
  const guardBehind = furtherGuard(options)
  return (request, response, next) => {
    const { gate, auth } = passageOf(request)
    const guard = guardBehind(gate)
    pass(request, response, next, { ...gate, guard }, guard.demand(auth))
  }
}

/**
 * Who calls. Throws `verifier/options` where `authenticate` has not run, and `verifier/no-credentials` where it let
 * nobody in particular pass, unless that is asked for here too.
 */
export function getAuth(
  request: IncomingMessage,
  options: { readonly optional: true },
): AuthContext | undefined
export function getAuth(request: IncomingMessage): AuthContext
export function getAuth(
  request: IncomingMessage,
  options?: { readonly optional: true },
): AuthContext | undefined {
  return callerOf(request, options?.optional)
}

/**
 * Error middleware, to stand after the routes: answers what `auth.require` and its like threw in a handler. Any other
 * error is handed on.
 */
export function authErrors(): ExpressErrorMiddleware {
  return (error, request, response, next) => {
    const passage = response.headersSent ? undefined : findPassage(request)
    const refusal = passage?.gate.guard.answerTo(error, passage.auth)
    if (refusal === undefined) next(error)
    else refuse(response, refusal, passage?.kept)
  }
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
  gate: Gate,
  outcome: ReturnType<NodeGuard['demand']>,
): void {
  const settled = outcome.then((admission): boolean => {
    if (!admission.admitted) refuse(response, admission.challenge)
    else {
      const { auth, headers } = admission
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      rememberPassage(request, { gate, auth, kept: { ...response.getHeaders() } })
      Object.assign(request, { auth })
    }
    return admission.admitted
  })
  settled.then(
    (admitted) => {
      if (admitted) next()
    },
    (cause) => next(asError(cause)),
  )
}

/** Express goes on with the route where it is told undefined, and with the next one where it is told `route`. */
function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('Cannot tell who calls: the verifier failed', { cause })
}
