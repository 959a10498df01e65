import type { IncomingMessage } from 'node:http'
import type { AccessClaims } from '@jotwarden/policy'
import { createGraphQLError, type Plugin } from 'graphql-yoga'
import type { AuthContext } from '../auth-context.ts'
import type { Challenge } from '../challenge.ts'
import type { Verifier } from '../create-verifier.ts'
import type { ProtectedResourceMetadata } from '../resource-metadata/protected-resource-metadata.ts'
import { plainOptions } from './demands.ts'
import { answer } from './fetch.ts'
import type { NodeAuthOptions } from './node.ts'
import { checkOrigin, nodeRequestParts } from './node-request.ts'
import { type AuthOf, requestGuard } from './request-guard.ts'

export type { NodeAuthOptions as YogaAuthOptions } from './node.ts'

/**
 * Plugin for GraphQL Yoga 5: every request has to meet the demands before it is parsed; sets `context.auth`. Refusals are
 * answered as RFC 6750 §3 says, with `no-store`; what a resolver causes by `context.auth.require` becomes an error of
 * GraphQL with the same status and challenge. Yoga serves its page for people and its health check before any plugin;
 * its options `graphiql` and `landingPage` turn the page off. Throws `verifier/options` at once for options that cannot work.
 */
export function useAuth<C extends AccessClaims, const O extends NodeAuthOptions = object>(
  verifier: Verifier<C>,
  options?: O,
): Plugin<{ auth: AuthOf<O, C> }> {
  const { origin, ...demands }: NodeAuthOptions = plainOptions(options ?? {})
  const url = checkOrigin(origin)
  const guard = requestGuard(verifier, demands)
  const callers = new WeakMap<Request, AuthContext | undefined>()

  return {
    async onRequest({ request, serverContext, endResponse }) {
      const sent = nodeRequestIn(serverContext)
      const admission = await guard.admit(sent === undefined ? request : nodeRequestParts(sent, url))
      if (admission.admitted) callers.set(request, admission.auth)
      else endResponse(answer(admission.challenge))
    },
    onContextBuilding({ context, extendContext }) {
      extendContext({ auth: callers.get(context.request) as AuthOf<O, C> })
    },
    onExecute({ executeFn, setExecuteFn, args }) {
      const { auth } = args.contextValue
      setExecuteFn(async (given) => {
        const result = await executeFn(given)
        if (!('errors' in result) || !Array.isArray(result.errors)) return result
        return {
          ...result,
          errors: result.errors.map((error: GraphQlError) =>
            explained(error, guard.answerTo(error.originalError, auth)),
          ),
        }
      })
    },
    onResponse({ request, response }) {
      const headers = callers.get(request)?.responseHeaders ?? {}
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    },
  }
}

/** Plugin that serves the metadata of the resource at its well-known path (RFC 9728 §3). To stand before `useAuth`. */
export function useResourceMetadata(metadata: ProtectedResourceMetadata): Plugin {
  return {
    onRequest({ request, url, endResponse }) {
      if (url.pathname === metadata.path) endResponse(metadata.fetch(request))
    },
  }
}

/** An error of a resolver, with the challenge where it was for want of something in the token. */
function explained(error: GraphQlError, challenge: Challenge | undefined): GraphQlError {
  if (challenge === undefined) return error
  const { nodes, source, positions, path } = error
  return createGraphQLError('Not authorized', {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { code: codes[challenge.status], http: challenge },
  })
}

type GraphQlError = ReturnType<typeof createGraphQLError>

/** On `node:http`, Yoga's own request has lost repeated field lines. */
function nodeRequestIn(serverContext: object): IncomingMessage | undefined {
  if (!('req' in serverContext)) return undefined
  const { req } = serverContext
  return typeof req === 'object' && req !== null && 'rawHeaders' in req ? (req as IncomingMessage) : undefined
}

const codes = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  503: 'SERVICE_UNAVAILABLE',
} as const
