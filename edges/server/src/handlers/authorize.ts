import { parseOAuthForm } from '@jotwarden/authority'
import { type Answer, redirectAnswer } from '../answer.ts'
import { showStep } from '../answer-step.ts'
import { browserOf } from '../browser.ts'
import { type Exchange, LONGEST_QUERY } from '../exchange.ts'
import { readForm } from '../read-form.ts'
import type { Handler } from '../route.ts'
import { isCrossSite } from '../same-origin.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers the authorization endpoint (RFC 6749 §3.1), which OpenID Connect Core §3.1.2.1 wants by POST too. */
export function authorizeHandlers(server: ServerContext): { readonly GET: Handler; readonly POST: Handler } {
  return {
    GET: (exchange) => begin(exchange.query, exchange, server),
    async POST(exchange) {
      const { text } = await readForm(exchange.request)
      // A form from another site comes without our SameSite=Lax cookies; the GET that a 303 leads to has them.
      if (isCrossSite(exchange.request.headers) && text.length <= LONGEST_QUERY) {
        return redirectAnswer(
          `${server.endpoints.url(server.endpoints.authorize)}?${text.replaceAll('#', '%23')}`,
        )
      }
      return begin(text, exchange, server)
    },
  }
}

async function begin(text: string, exchange: Exchange, server: ServerContext): Promise<Answer> {
  const form = parseOAuthForm(text)
  const step = await server.authority.authorization.begin(form, browserOf(exchange, server))
  return showStep(step, exchange.request, server)
}
