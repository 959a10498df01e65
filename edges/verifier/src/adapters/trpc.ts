import type { IncomingMessage } from 'node:http'
import type { AccessClaims } from '@jotwarden/policy'
import { TRPCError, type TRPCMiddlewareFunction } from '@trpc/server'
import type { AuthContext } from '../auth-context.ts'
import type { Challenge } from '../challenge.ts'
import type { Verifier } from '../create-verifier.ts'
import { plainOptions } from './demands.ts'
import type { NodeAuthOptions } from './node.ts'
import { checkOrigin, nodeRequestParts } from './node-request.ts'
import { type Admission, type RequestGuard, type RouteDemands, requestGuard } from './request-guard.ts'

export type { RouteDemands } from './request-guard.ts'

/** What holds for every procedure. Demands on a caller are made by {@link authMiddleware}. */
export type TrpcAuthOptions = Pick<NodeAuthOptions, 'realm' | 'resourceMetadata' | 'whenStale' | 'origin'>

/** What {@link createAuthContext} puts into the context of tRPC. */
export interface TrpcAuth<C extends AccessClaims = AccessClaims> {
  /** Who calls; undefined for nobody in particular. Behind `authMiddleware` it is always there. */
  readonly auth: AuthContext<C> | undefined
  /** Makes the guard that `authMiddleware` asks. */
  readonly guard: (demands: RouteDemands) => RequestGuard<C>
}

/** How a refusal travels through tRPC, which knows nothing of headers. */
class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly challenge: Challenge

  constructor(challenge: Challenge) {
    super(`The request is answered with ${challenge.status}`)
    this.challenge = challenge
  }
}

/**
 * Makes a `createContext` for tRPC 11: of a token, if one was sent. A bad one fails the call; nobody at all passes, to
 * the procedures that do not stand behind {@link authMiddleware}. Takes what the adapters for Fetch and for `node:http`
 * hand over. Throws `verifier/options` at once for options that cannot work.
 */
export function createAuthContext<C extends AccessClaims>(
  verifier: Verifier<C>,
  options: TrpcAuthOptions = {},
): (call: { readonly req: Request | IncomingMessage }) => Promise<TrpcAuth<C>> {
  const { origin, ...shared } = plainOptions(options)
  const url = checkOrigin(origin)
  const anybody = requestGuard(verifier, { ...shared, optional: true })
  const guards = new WeakMap<RouteDemands, RequestGuard<C>>()
  const { whenStale: _, ...told } = shared
  const guard = (demands: RouteDemands): RequestGuard<C> => {
    const made = guards.get(demands) ?? requestGuard(verifier, { ...told, ...plainOptions(demands) })
    guards.set(demands, made)
    return made
  }
  return async ({ req }) => {
    const admission = await anybody.admit('rawHeaders' in req ? nodeRequestParts(req, url) : req)
    return { auth: admitted(admission), guard }
  }
}

/**
 * Middleware for tRPC 11: lets a call pass that meets the demands, and gives `ctx.auth` its type. Refusals, also those
 * that the procedure causes by `auth.require`, are errors of tRPC with the fitting code; {@link authResponseMeta} adds
 * the challenge. Its parameter is the type of the claims, where the verifier has a schema for them. Throws
 * `verifier/options` at the first call for options that cannot work.
 */
export function authMiddleware<C extends AccessClaims = AccessClaims>(
  demands: RouteDemands = {},
): TRPCMiddlewareFunction<TrpcAuth<C>, object, object, { auth: AuthContext<C> }, unknown> {
  return async ({ ctx, next }) => {
    const guard = ctx.guard(demands)
    const auth = admitted(await guard.demand(ctx.auth))
    if (auth === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' })
    const result = await next({ ctx: { auth } })
    if (result.ok) return result
    const challenge = guard.answerTo(result.error.cause, auth)
    return challenge === undefined ? result : { ...result, error: refusal(challenge) }
  }
}

/** The option `responseMeta` of tRPC's adapters: adds the challenge of a refusal, and what belongs to a proof. */
export function authResponseMeta(call: {
  readonly ctx?: Pick<TrpcAuth, 'auth'> | undefined
  readonly errors: readonly { readonly cause?: unknown }[]
}): { readonly headers: Record<string, string> } {
  const refused = call.errors.map(({ cause }) => cause).find((cause) => cause instanceof Refusal)
  return { headers: { ...call.ctx?.auth?.responseHeaders, ...refused?.challenge.headers } }
}

function admitted<C extends AccessClaims>(admission: Admission<C>): AuthContext<C> | undefined {
  if (admission.admitted) return admission.auth
  throw refusal(admission.challenge)
}

function refusal(challenge: Challenge): TRPCError {
  return new TRPCError({
    code: codes[challenge.status],
    message: codes[challenge.status],
    cause: new Refusal(challenge),
  })
}

const codes = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
} as const
