import type { AuthorizationStep } from '@jotwarden/authority'
import { type Answer, pageAnswer, redirectAnswer } from './answer.ts'
import { LONGEST_QUERY } from './exchange.ts'
import { formTarget } from './form-target.ts'
import { consentPage } from './pages/consent-page.ts'
import { loginPage } from './pages/login-page.ts'
import type { ServerContext } from './server-context.ts'

/** Shows the next step's page, or leaves for the client. */
export function showStep(step: AuthorizationStep, server: ServerContext): Answer {
  if (step.step === 'redirect') return redirectAnswer(step.location)
  if (step.step === 'own-page') return redirectAnswer(server.endpoints.url(server.endpoints.sessions))
  const page =
    step.step === 'login'
      ? loginPage(
          { ...step, action: server.endpoints.login, username: step.loginHint, problem: undefined },
          server.frame,
        )
      : consentPage({ ...step, action: server.endpoints.consent }, server.frame)
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
  server: ServerContext,
): Answer {
  if (step.step === 'redirect') return redirectAnswer(step.location, cookies)
  if (step.step === 'own-page')
    return redirectAnswer(server.endpoints.url(server.endpoints.sessions), cookies)
  const query = `interaction=${encodeURIComponent(step.interaction)}`
  if (query.length > LONGEST_QUERY) {
    const shown = showStep(step, server)
    return { ...shown, cookies: [...cookies, ...(shown.cookies ?? [])] }
  }
  const path = step.step === 'login' ? server.endpoints.login : server.endpoints.consent
  return redirectAnswer(`${server.endpoints.url(path)}?${query}`, [
    ...cookies,
    server.cookies.binding(step.binding),
  ])
}

/** None for a sign-in that leads to no app. */
export function formTargets(redirectUri: string | null): readonly string[] {
  const target = redirectUri === null ? undefined : formTarget(redirectUri)
  return target === undefined ? [] : [target]
}
