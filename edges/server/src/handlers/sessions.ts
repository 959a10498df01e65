import { parseOAuthForm, readOwnEnding } from '@jotwarden/authority'
import { type Answer, pageAnswer, redirectAnswer } from '../answer.ts'
import { leadToStep } from '../answer-step.ts'
import { browserOf } from '../browser.ts'
import type { Exchange } from '../exchange.ts'
import { inAskedLanguage, withQuery } from '../page-frames.ts'
import { sessionsPage } from '../pages/sessions-page.ts'
import { readForm } from '../read-form.ts'
import type { Handler } from '../route.ts'
import { checkSameOrigin } from '../same-origin.ts'
import type { ServerContext } from '../server-context.ts'

/** Shows a person where they are signed in, and ends what they choose. */
export function sessionsHandlers(server: ServerContext): { readonly GET: Handler; readonly POST: Handler } {
  return { GET: (exchange) => show(exchange, server), POST: (exchange) => end(exchange, server) }
}

async function show(exchange: Exchange, server: ServerContext): Promise<Answer> {
  const { authority, endpoints } = server
  const query = parseOAuthForm(exchange.query)
  const browser = browserOf(exchange, server)
  const page = { older: query.one('older'), moreApps: query.one('apps'), notice: query.one('notice') }
  const view = await authority.ownSessions.view(page, browser)
  if (view === undefined) {
    const step = await authority.authorization.beginOwnPage(browser)
    return leadToStep(step, [], exchange.request, server)
  }
  const isOutdated = query.one('outdated') !== undefined
  const frame = server.pages.frameFor(exchange.request)
  const action = inAskedLanguage(endpoints.sessions, frame)
  const shown = { ...view, action, isFirst: page.older === undefined, isOutdated }
  return pageAnswer(200, sessionsPage(shown, frame))
}

/** Answers with a 303, so that going back or reloading sends nothing again. */
async function end(exchange: Exchange, server: ServerContext): Promise<Answer> {
  const { endpoints, cookies, authority } = server
  checkSameOrigin(exchange.request.headers, endpoints.origin)
  const { form } = await readForm(exchange.request)
  const ending = readOwnEnding(form.one('act'), form.one('id'))
  const ended = await authority.ownSessions.end(ending, form.one('proof'), browserOf(exchange, server))
  const frame = server.pages.frameFor(exchange.request)
  const here = inAskedLanguage(endpoints.url(endpoints.sessions), frame)
  if (ended.outcome === 'outdated') return redirectAnswer(withQuery(here, 'outdated', '1'))
  if (ended.outcome === 'ended') return redirectAnswer(withQuery(here, 'notice', ended.notice))
  // The end session endpoint tells a browser without a login that it is signed out
  return redirectAnswer(inAskedLanguage(endpoints.url(endpoints.logout), frame), [cookies.endLogin()])
}
