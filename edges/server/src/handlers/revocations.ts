import { parseFeedRequest } from '../feed/feed-request.ts'
import { steadyNow } from '../platform.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers the revocation feed (docs/feed.md). HEAD has the headers and opens nothing. */
export function revocationsHandler({ authority, feed }: ServerContext): Handler {
  return async ({ request, query, network }) => {
    const openedAt = steadyNow()
    const authorization = request.headers.get('authorization') ?? undefined
    const reader = await authority.revocation.authenticateReader(authorization, network)
    const asked = parseFeedRequest(query)
    const body = request.method === 'HEAD' ? null : await feed.open({ ...asked, reader, openedAt })
    return { status: 200, body, headers: HEADERS }
  }
}

/** nginx would hold lines back until a buffer is full. */
const HEADERS = {
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
}
