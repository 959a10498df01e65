import type { Answer } from './answer.ts'
import { answerError } from './answer-error.ts'
import { openHeaders } from './cors.ts'
import { refusalCode, reportError } from './error-report.ts'
import { ServerError } from './errors.ts'
import { type Exchange, LONGEST_QUERY } from './exchange.ts'
import { stopwatch } from './platform.ts'
import { requestId } from './request-id.ts'
import type { Handler, Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import type { ServerContext } from './server-context.ts'
import type { ConnectionInfo } from './server-options.ts'
import { checkTransport } from './transport.ts'

/** The way every request takes: check, handle, answer what was thrown, tell the log, add the headers. */
export async function respond(
  route: Route,
  handler: Handler,
  request: Request,
  info: ConnectionInfo,
  server: ServerContext,
): Promise<Response> {
  const elapsed = stopwatch()
  const { proxies } = server
  const id = requestId(request.headers, proxies.trusts(info.address))
  const address = proxies.clientAddress(info.address, request.headers.get('x-forwarded-for'))
  let response: Response
  let refusal: string | undefined
  try {
    const exchange = openExchange(route, request, { info, id, address }, server)
    if (route.isKeyless !== true) await renewKeys(server)
    response = toResponse(await handler(exchange), route, id, server)
  } catch (error) {
    response = toResponse(answerError(error, { route, request, id, server }), route, id, server)
    refusal = refusalCode(error) ?? 'oauth/server_error'
    if (response.status >= 500) reportFailure(error, route, id, server)
  }
  server.tell({
    route: route.path,
    method: request.method,
    status: response.status,
    ms: elapsed(),
    refusal,
    id,
    address,
  })
  return response
}

interface Arrival {
  readonly info: ConnectionInfo
  readonly id: string
  readonly address: string | undefined
}

/** Throws `server/insecure-transport` and `server/query-too-long`. */
function openExchange(
  route: Route,
  request: Request,
  { info, id, address }: Arrival,
  server: ServerContext,
): Exchange {
  if (route.anyTransport !== true) checkTransport(request.headers, info, server.endpoints, server.proxies)
  const query = new URL(request.url).search.slice(1)
  if (query.length > LONGEST_QUERY) {
    throw new ServerError(
      'server/query-too-long',
      `Cannot read the request: its query is longer than ${LONGEST_QUERY} bytes`,
    )
  }
  return { request, query, network: address, id }
}

/** A process that stood still must not go by keys that it remembers: they may be over since. */
async function renewKeys({ authority }: ServerContext): Promise<void> {
  try {
    await authority.keyring.renew()
  } catch (cause) {
    throw new ServerError('server/keys-unread', 'Cannot answer the request: the keys cannot be read', {
      cause,
    })
  }
}

function reportFailure(error: unknown, route: Route, id: string, server: ServerContext): void {
  server.logger.error({ route: route.path, request: id, error: reportError(error) }, 'request failed')
}

function toResponse(answer: Answer, route: Route, id: string, server: ServerContext): Response {
  const isOpen = route.isOpen === true
  const headers: Record<string, string> = {
    ...NOT_STORED,
    ...securityHeaders({ isHttps: server.endpoints.isHttps, formTargets: answer.formTargets, isOpen }),
    ...(isOpen ? openHeaders : {}),
    'x-request-id': id,
    ...answer.headers,
  }
  if (headers['cache-control'] !== NOT_STORED['cache-control']) delete headers.pragma
  const { status, body, cookies = [] } = answer
  if (cookies.length === 0) return new Response(body, { status, headers })
  return new Response(body, {
    status,
    headers: [
      ...Object.entries(headers),
      ...cookies.map((cookie): [string, string] => ['set-cookie', cookie]),
    ],
  })
}

/** RFC 6749 §5.1. */
const NOT_STORED = { 'cache-control': 'no-store', pragma: 'no-cache' } as const
