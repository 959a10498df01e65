import type { AuthorizationStep } from '@jotwarden/authority'
import { type Answer, pageAnswer, redirectAnswer } from './answer.ts'
import { LONGEST_QUERY } from './exchange.ts'
import { formTarget } from './form-target.ts'
import { inAskedLanguage } from './page-frames.ts'
import { consentPage } from './pages/consent-page.ts'
import { loginPage } from './pages/login-page.ts'
import type { ServerContext } from './server-context.ts'

/** Shows the next step's page, or leaves for the client. */
export function showStep(step: AuthorizationStep, request: Request, server: ServerContext): Answer {
  if (step.step === 'redirect') return redirectAnswer(step.location)
  if (step.step === 'own-page') return redirectAnswer(server.endpoints.url(server.endpoints.sessions))
  const frame = server.pages.frameFor(request, step.uiLocales)
  const action = inAskedLanguage(server.endpoints[step.step], frame)
  const page =
    step.step === 'login'
      ? loginPage({ ...step, action, username: step.loginHint, problem: undefined }, frame)
      : consentPage({ ...step, action }, frame)
  return pageAnswer(200, page, {
    cookies: [server.cookies.binding(step.binding)],
    formTargets: formTargets(step.redirectUri),
  })
}

/**
 * After a form: leads to the next step by 303, so that going back or reloading sends no form again. An interaction that
 * is too long for a query is shown at once instead.
 */
export function leadToStep(
  step: AuthorizationStep,
  cookies: readonly string[],
  request: Request,
  server: ServerContext,
): Answer {
  if (step.step === 'redirect') return redirectAnswer(step.location, cookies)
  if (step.step === 'own-page')
    return redirectAnswer(server.endpoints.url(server.endpoints.sessions), cookies)
  const { asked } = server.pages.frameFor(request, step.uiLocales)
  const query = new URLSearchParams({
    interaction: step.interaction,
    ...(asked === undefined ? {} : { ui_locales: asked }),
  }).toString()
  if (query.length > LONGEST_QUERY) {
    const shown = showStep(step, request, server)
    return { ...shown, cookies: [...cookies, ...(shown.cookies ?? [])] }
  }
  return redirectAnswer(`${server.endpoints.url(server.endpoints[step.step])}?${query}`, [
    ...cookies,
    server.cookies.binding(step.binding),
  ])
}

/** None for a sign-in that leads to no app. */
export function formTargets(redirectUri: string | null): readonly string[] {
  const target = redirectUri === null ? undefined : formTarget(redirectUri)
  return target === undefined ? [] : [target]
}
