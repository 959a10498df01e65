import type { Browser } from '@jotwarden/authority'
import type { Exchange } from './exchange.ts'
import type { ServerContext } from './server-context.ts'

/** What the authority needs to know of the browser that asks. */
export function browserOf({ request, network }: Exchange, { cookies }: ServerContext): Browser {
  const userAgent = request.headers.get('user-agent') ?? undefined
  return { ...cookies.read(request.headers.get('cookie')), network, userAgent }
}
