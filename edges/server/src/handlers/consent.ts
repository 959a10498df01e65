import { AuthorityError } from '@jotwarden/authority'
import { leadToStep } from '../answer-step.ts'
import { browserOf } from '../browser.ts'
import { interactionOf, resumeHandler } from '../interaction.ts'
import { readForm } from '../read-form.ts'
import type { Handler } from '../route.ts'
import { checkSameOrigin } from '../same-origin.ts'
import type { ServerContext } from '../server-context.ts'

/** Asks whether the client may have what it asked for, and takes the person's answer. */
export function consentHandlers(server: ServerContext): { readonly GET: Handler; readonly POST: Handler } {
  return {
    GET: resumeHandler(server),
    async POST(exchange) {
      checkSameOrigin(exchange.request.headers, server.endpoints.origin)
      const { form } = await readForm(exchange.request)
      const request = { interaction: interactionOf(form), decision: decisionOf(form.one('decision')) }
      const step = await server.authority.authorization.consent(request, browserOf(exchange, server))
      return leadToStep(step, [], exchange.request, server)
    },
  }
}

function decisionOf(text: string | undefined): 'allow' | 'deny' {
  if (text === 'allow' || text === 'deny') return text
  throw new AuthorityError('oauth/invalid_request', 'Cannot take the answer: it is neither allow nor deny')
}
