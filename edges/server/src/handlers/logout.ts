import { type LogoutStep, type OAuthForm, parseOAuthForm, readUiLocales } from '@jotwarden/authority'
import { type Answer, pageAnswer, redirectAnswer } from '../answer.ts'
import { formTargets } from '../answer-step.ts'
import { browserOf } from '../browser.ts'
import { ServerError } from '../errors.ts'
import { type Exchange, LONGEST_QUERY } from '../exchange.ts'
import { inAskedLanguage } from '../page-frames.ts'
import { logoutPage } from '../pages/logout-page.ts'
import { signedOutPage } from '../pages/signed-out-page.ts'
import { readForm } from '../read-form.ts'
import type { Handler } from '../route.ts'
import { checkSameOrigin } from '../same-origin.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers the end session endpoint, by GET and POST (OpenID Connect RP-Initiated Logout §2). */
export function logoutHandlers(server: ServerContext): { readonly GET: Handler; readonly POST: Handler } {
  const { authority, endpoints } = server
  return {
    async GET(exchange) {
      // HEAD comes here too, and must change nothing (RFC 9110 §9.2.1)
      if (exchange.request.method === 'HEAD') return { status: 200, body: null }
      const form = parseOAuthForm(exchange.query)
      return showStep(await authority.logout.begin(form, browserOf(exchange, server)), form, exchange, server)
    },
    async POST(exchange) {
      const { text, form } = await readForm(exchange.request)
      const browser = browserOf(exchange, server)
      if (browser.login === undefined) return leadToGet(text, endpoints.url(endpoints.logout))
      return showStep(await authority.logout.begin(form, browser), form, exchange, server)
    },
  }
}

/** Takes the person's yes. */
export function confirmLogoutHandler(server: ServerContext): Handler {
  return async (exchange) => {
    checkSameOrigin(exchange.request.headers, server.endpoints.origin)
    const { form } = await readForm(exchange.request)
    const step = await server.authority.logout.confirm(form, browserOf(exchange, server))
    return showStep(step, form, exchange, server)
  }
}

/**
 * A form from another site comes without our SameSite=Lax cookies, and to take it at its word would tell somebody who is
 * signed in that they are not; the GET that a 303 leads to has them.
 */
function leadToGet(text: string, url: string): Answer {
  if (text.length <= LONGEST_QUERY) return redirectAnswer(`${url}?${text.replaceAll('#', '%23')}`)
  throw new ServerError(
    'server/body-too-large',
    `Cannot sign out: the form came without a login and is larger than ${LONGEST_QUERY} bytes`,
  )
}

function showStep(step: LogoutStep, form: OAuthForm, exchange: Exchange, server: ServerContext): Answer {
  const asked = form.one('ui_locales')
  const { request } = exchange
  const frame = server.pages.frameFor(request, asked === undefined ? undefined : readUiLocales(asked))
  if (step.step === 'confirm') {
    const returnTo = step.fields.post_logout_redirect_uri
    const action = inAskedLanguage(server.endpoints.logoutConfirm, frame)
    const page = logoutPage({ ...step, action, returnTo }, frame)
    return pageAnswer(200, page, { formTargets: returnTo === undefined ? [] : formTargets(returnTo) })
  }
  const cookies = browserOf(exchange, server).login === undefined ? [] : [server.cookies.endLogin()]
  if (step.location !== undefined) return redirectAnswer(step.location, cookies)
  return pageAnswer(200, signedOutPage(frame), { cookies })
}
