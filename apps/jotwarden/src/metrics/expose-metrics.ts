import type { Address } from '../config/address.ts'
import { type Listener, listen } from '../serve/listen.ts'
import { CONTENT_TYPE } from './exposition.ts'
import type { Metrics } from './metrics.ts'
import type { StateSources } from './read-state.ts'

/** Answers `GET /metrics` on a socket of its own, and nothing else. Throws `Refusal` when it cannot be opened. */
export async function exposeMetrics(
  metrics: Metrics,
  address: Address,
  sources: StateSources,
): Promise<Listener> {
  const listener = await listen(address, { portRemedy: PORT_REMEDY })
  listener.answerWith(async ({ method, url }) => {
    if (new URL(url).pathname !== '/metrics') return plain(404, 'Metrics are at /metrics\n')
    if (method !== 'GET' && method !== 'HEAD')
      return plain(405, 'Metrics are read with GET\n', { allow: 'GET, HEAD' })
    return plain(200, await metrics.text(sources), { 'content-type': CONTENT_TYPE })
  })
  return listener
}

function plain(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, { status, headers: { ...HEADERS, ...headers } })
}

const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}
const PORT_REMEDY = 'Stop the other process, or set metrics.listen to another port'
