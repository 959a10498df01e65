import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AuthContext } from '../auth-context.ts'
import type { Challenge } from '../challenge.ts'
import type { Verifier } from '../create-verifier.ts'
import { VerifierError } from '../errors.ts'
import type { ProtectedResourceMetadata } from '../resource-metadata/protected-resource-metadata.ts'
import { plainOptions } from './demands.ts'
import { type NodeAuthOptions, type NodeGuard, nodeGuard } from './node.ts'
import type { Admission, AuthOptions } from './request-guard.ts'

export type { AuthOptions } from './request-guard.ts'

/** What {@link fastifyAuth} is registered with. The demands among it hold for every route. */
export interface FastifyAuthOptions extends NodeAuthOptions {
  readonly verifier: Verifier
}

/** What a route demands on top. `false` opens it to everybody, and has to be written. */
export type RouteAuth = AuthOptions | false

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null where nobody in particular may. `getAuth` gives it without the null. */
    auth: AuthContext | null
  }
  interface FastifyContextConfig {
    auth?: RouteAuth
  }
  interface FastifyInstance {
    /** A hook that demands more of the caller, to stand as `onRequest` or later. */
    requireAuth(options?: AuthOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  }
}

/**
 * Plugin for Fastify 5. Every route needs a token, unless its `config.auth` is `false`; what `config.auth` demands comes
 * on top of the options here, or in their place where both name the same; it opens the route to nobody in particular only
 * if it says `optional` itself. Sets `request.auth`. Refusals, also of
 * `auth.require` in a handler, are answered as RFC 6750 §3 says, with `no-store`.
 * Throws `verifier/options`: at registration for options that cannot work, and when the server gets ready for a route.
 */
export function fastifyAuth(
  instance: FastifyInstance,
  given: FastifyAuthOptions,
  done: (error?: Error) => void,
): void {
  const { verifier, ...options } = plainOptions(given)
  const guards = new Map<AuthOptions | undefined, NodeGuard>([[undefined, nodeGuard(verifier, options)]])
  const guardOf = (route: AuthOptions | undefined): NodeGuard => {
    // Who says what a route demands does not mean to let in who has nothing to show
    const guard =
      guards.get(route) ?? nodeGuard(verifier, { ...options, optional: false, ...plainOptions(route ?? {}) })
    guards.set(route, guard)
    return guard
  }

  instance.decorateRequest('auth', null)
  instance.decorate('requireAuth', (route: AuthOptions = {}) => {
    const guard = guardOf(route)
    return async (request, reply) =>
      apply(request, reply, guard, await guard.demand(request.auth ?? undefined))
  })
  instance.addHook('onRoute', ({ config }) => void (config?.auth ? guardOf(config.auth) : undefined))
  instance.addHook('onRequest', async (request, reply) => {
    const { auth } = request.routeOptions.config
    if (auth === false) return undefined
    const guard = guardOf(auth)
    return apply(request, reply, guard, await guard.admit(request.raw))
  })
  instance.addHook('onError', async (request, _, error) => {
    const refusal = passages.get(request)?.guard.answerTo(error, request.auth ?? undefined)
    if (refusal !== undefined) refusals.set(request, refusal)
  })
  instance.addHook('onSend', async (request, reply, payload) => {
    const refusal = refusals.get(request)
    if (refusal === undefined || reply.statusCode < 500) return payload
    for (const name of Object.keys(reply.getHeaders()))
      if (!passages.get(request)?.kept.has(name)) reply.removeHeader(name)
    answer(reply, refusal)
    return ''
  })
  done()
}

// Fastify's convention for plugins whose hooks hold for whoever registers them
Object.assign(fastifyAuth, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@jotwarden/verifier/fastify',
})

/** Who calls. Throws `verifier/no-credentials`, which ends as a challenge, where nobody in particular may. */
export function getAuth(request: { readonly auth: AuthContext | null }): AuthContext {
  if (request.auth !== null) return request.auth
  throw new VerifierError(
    'verifier/no-credentials',
    'Cannot tell who calls: the request has no Authorization header, or its route is open',
  )
}

/** Registers the route of the resource's metadata (RFC 9728 §3), open to everybody. */
export function serveResourceMetadata(instance: FastifyInstance, metadata: ProtectedResourceMetadata): void {
  instance.route({
    method: ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: metadata.path,
    config: { auth: false },
    handler: (request, reply) => {
      const { status, headers, body } = metadata.answer(request.method)
      return reply.code(status).headers(headers).send(body)
    },
  })
}

/** The guard that has let a request pass, and the names of the headers that its response had then. */
const passages = new WeakMap<
  FastifyRequest,
  { readonly guard: NodeGuard; readonly kept: ReadonlySet<string> }
>()

/** How to answer in place of an error of the handler's. */
const refusals = new WeakMap<FastifyRequest, Challenge>()

function apply(
  request: FastifyRequest,
  reply: FastifyReply,
  guard: NodeGuard,
  admission: Admission,
): unknown {
  if (!admission.admitted) return answer(reply, admission.challenge).send()
  request.auth = admission.auth ?? null
  reply.headers(admission.headers)
  passages.set(request, { guard, kept: new Set(Object.keys(reply.getHeaders())) })
  return undefined
}

function answer(reply: FastifyReply, { status, headers }: Challenge): FastifyReply {
  return reply.code(status).headers(headers)
}
