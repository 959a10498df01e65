import type { SignInStep } from '@jotwarden/authority'
import { Secret } from '@jotwarden/token'
import { type Answer, pageAnswer } from '../answer.ts'
import { formTargets, leadToStep, showStep } from '../answer-step.ts'
import { browserOf } from '../browser.ts'
import type { Exchange } from '../exchange.ts'
import { interactionOf, resumeHandler } from '../interaction.ts'
import { inAskedLanguage } from '../page-frames.ts'
import { type LoginProblem, loginPage } from '../pages/login-page.ts'
import { readForm } from '../read-form.ts'
import type { Handler } from '../route.ts'
import { checkSameOrigin } from '../same-origin.ts'
import type { ServerContext } from '../server-context.ts'

/** Asks for username and password, and takes them. */
export function loginHandlers(server: ServerContext): { readonly GET: Handler; readonly POST: Handler } {
  return { GET: resumeHandler(server), POST: (exchange) => signIn(exchange, server) }
}

async function signIn(exchange: Exchange, server: ServerContext): Promise<Answer> {
  checkSameOrigin(exchange.request.headers, server.endpoints.origin)
  const { form } = await readForm(exchange.request)
  const interaction = interactionOf(form)
  const username = form.one('username')
  const password = form.one('password')
  if (username === undefined || password === undefined)
    return askAgain(interaction, username, exchange, server)

  const step = await server.authority.authorization.signIn(
    { interaction, username, password: Secret.fromText(password) },
    browserOf(exchange, server),
  )
  if (step.step === 'refused') {
    const retryAfter = step.reason === 'throttled' ? step.retryAfter : undefined
    return showRefusal(step, { username, problem: step.reason, throttledFor: retryAfter }, exchange, server)
  }
  const cookies = [server.cookies.login(step.login, step.loginExpiresAt)]
  return leadToStep(step.next, cookies, exchange.request, server)
}

/** Browsers hold back a form with an empty field; what comes all the same is asked again, if the sign-in still stands. */
async function askAgain(
  interaction: string,
  username: string | undefined,
  exchange: Exchange,
  server: ServerContext,
): Promise<Answer> {
  const step = await server.authority.authorization.resume(interaction, browserOf(exchange, server))
  if (step.step !== 'login') return showStep(step, exchange.request, server)
  return showRefusal(step, { username, problem: 'missing' }, exchange, server)
}

interface Refused {
  readonly username: string | undefined
  readonly problem: LoginProblem
  readonly throttledFor?: number | undefined
}

type Asking = Pick<
  Extract<SignInStep, { step: 'refused' }>,
  'interaction' | 'client' | 'redirectUri' | 'uiLocales'
>

function showRefusal(asking: Asking, refused: Refused, { request }: Exchange, server: ServerContext): Answer {
  const frame = server.pages.frameFor(request, asking.uiLocales)
  const view = { ...asking, ...refused, action: inAskedLanguage(server.endpoints.login, frame) }
  const { problem } = refused
  const retryAfter = problem === 'busy' ? 5 : refused.throttledFor
  return pageAnswer(STATUS[problem], loginPage(view, frame), {
    formTargets: formTargets(asking.redirectUri),
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }),
  })
}

/**
 * 403 for a wrong password, since 401 would owe a challenge (RFC 9110 §15.5.2), and so that password managers do not
 * offer to keep it.
 */
const STATUS: Readonly<Record<LoginProblem, number>> = {
  credentials: 403,
  busy: 503,
  missing: 400,
  throttled: 429,
}
