import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { unusable } from './demands.ts'

/** What the adapter needs of Nest's execution context. */
export interface NestContext {
  getType(): string
  getHandler(): object
  getClass(): object
  getArgs(): readonly unknown[]
}

/** What the adapter needs of an Observable. */
export interface NestResults<T = unknown> {
  pipe<R>(operator: (source: NestResults<T>) => NestResults<R>): NestResults<R>
}

/** A response of Express, or a reply of Fastify. */
export interface NestResponse {
  header(name: string, value: string): unknown
  removeHeader(name: string): unknown
  getHeaders(): OutgoingHttpHeaders
}

/** The request of a call, and its response where the framework hands it over. */
export interface NestCall {
  readonly request: IncomingMessage
  readonly response: NestResponse | undefined
}

/**
 * The request behind a call: over HTTP on Express and Fastify, and of GraphQL with Apollo and Mercurius.
 * Throws `verifier/options` for any other kind of call, which is therefore refused.
 */
export function callOf(context: NestContext): NestCall {
  const [first, second, third] = context.getArgs()
  if (context.getType() === 'http') return asCall(first, second)
  // A resolver's arguments: parent, arguments, context, info
  if (context.getType() === 'graphql' && isObject(third)) {
    const { req, res, reply } = third
    if (isObject(reply)) return asCall(reply.request, reply)
    if (isObject(req)) return asCall(req, res ?? req.res)
  }
  throw unusable('guard', `cannot be kept for calls of the kind ${context.getType()}; mark them as public`)
}

function asCall(request: unknown, response: unknown): NestCall {
  const raw = isObject(request) && isObject(request.raw) ? request.raw : request
  if (!isObject(raw) || !Array.isArray(raw.rawHeaders))
    throw unusable('guard', 'has found no request to check')
  return {
    request: raw as unknown as IncomingMessage,
    response:
      isObject(response) && typeof response.header === 'function'
        ? (response as unknown as NestResponse)
        : undefined,
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
