import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AccessClaims } from '@jotwarden/policy'
import type { Challenge } from '../challenge.ts'
import type { Verifier } from '../create-verifier.ts'
import type { ProtectedResourceMetadata } from '../resource-metadata/protected-resource-metadata.ts'
import { plainOptions } from './demands.ts'
import { checkOrigin, nodeRequestParts, type OriginOption } from './node-request.ts'
import {
  type Admission,
  type AuthOf,
  type AuthOptions,
  type RequestGuard,
  requestGuard,
} from './request-guard.ts'

export type { AuthOf, AuthOptions } from './request-guard.ts'

/** What a route demands, and where it is reached. */
export interface NodeAuthOptions extends AuthOptions, OriginOption {}

/** A handler of `node:http` that also gets who calls. */
export type NodeAuthHandler<A> = (request: IncomingMessage, response: ServerResponse, auth: A) => unknown

/**
 * Wraps a handler of `node:http`: it runs for requests that meet the demands alone. Refusals, also those that the
 * handler causes by `auth.require` before it has begun to answer, are answered as RFC 6750 §3 says, with `no-store`.
 * Anything else that it throws rejects the promise. Throws `verifier/options` at once for options that cannot work.
 */
export function withAuth<C extends AccessClaims, const O extends NodeAuthOptions>(
  verifier: Verifier<C>,
  options: O,
  handler: NodeAuthHandler<AuthOf<O, C>>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const guard = nodeGuard(verifier, options)
  return async (request, response) => {
    const admission = await guard.admit(request)
    if (!admission.admitted) return refuse(response, admission.challenge)
    const { auth, headers } = admission
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const kept = { ...response.getHeaders() }
    try {
      // AuthOf says that it is there where `optional` is not
      await handler(request, response, auth as AuthOf<O, C>)
    } catch (error) {
      const refusal = response.headersSent ? undefined : guard.answerTo(error, auth)
      if (refusal === undefined) throw error
      refuse(response, refusal, kept)
    }
  }
}

/**
 * A handler that serves the metadata of the resource at its well-known path (RFC 9728 §3), and hands every other
 * request on. Fits `node:http`, Express, Connect and whatever else takes their middleware.
 */
export function serveResourceMetadata(
  metadata: ProtectedResourceMetadata,
): (request: IncomingMessage, response: ServerResponse, next?: () => void) => void {
  return (request, response, next) => {
    const target = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '/')
    const { status, headers, body } = metadata.answer(request.method ?? 'GET')
    if (target.split('?')[0] === metadata.path) response.writeHead(status, { ...headers }).end(body)
    else if (next !== undefined) next()
    else response.writeHead(404).end()
  }
}

/** A guard that reads requests of `node:http`. */
export interface NodeGuard<C extends AccessClaims = AccessClaims>
  extends Pick<RequestGuard<C>, 'demand' | 'answerTo'> {
  admit(request: IncomingMessage): Promise<Admission<C>>
}

/** Throws what `requestGuard` throws. */
export function nodeGuard<C extends AccessClaims>(
  verifier: Verifier<C>,
  given: NodeAuthOptions = {},
): NodeGuard<C> {
  const { origin, ...options } = plainOptions(given)
  const guard = requestGuard(verifier, options)
  const option = checkOrigin(origin)
  return { ...guard, admit: (request) => guard.admit(nodeRequestParts(request, option)) }
}

/**
 * Answers with a challenge. The headers that the response had when the handler began stay, such as those of CORS; what
 * the handler has begun to prepare goes.
 */
export function refuse(
  response: ServerResponse,
  { status, headers }: Challenge,
  kept: OutgoingHttpHeaders = response.getHeaders(),
): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  response.writeHead(status, { ...kept, ...headers, 'content-length': '0' }).end()
}
