import { AuthorityError, type OAuthForm, parseOAuthForm } from '@jotwarden/authority'
import { showStep } from './answer-step.ts'
import { browserOf } from './browser.ts'
import type { Handler } from './route.ts'
import type { ServerContext } from './server-context.ts'

/** The interaction that a page's form or address names. Throws `authority/interaction` when it names none. */
export function interactionOf(form: OAuthForm): string {
  const interaction = form.one('interaction')
  if (interaction !== undefined) return interaction
  throw new AuthorityError(
    'authority/interaction',
    'Cannot continue the sign-in: the request does not name it',
  )
}

/** Shows whichever page an interaction has come to. */
export function resumeHandler(server: ServerContext): Handler {
  return async (exchange) => {
    const interaction = interactionOf(parseOAuthForm(exchange.query))
    const step = await server.authority.authorization.resume(interaction, browserOf(exchange, server))
    return showStep(step, exchange.request, server)
  }
}
