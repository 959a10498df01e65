import { destination } from './destination.ts'
import { type Html, html } from './html.ts'
import { inSentence } from './in-sentence.ts'
import { layout, type Page, type PageFrame } from './layout.ts'
import { shownName } from './shown-name.ts'
import type { Texts } from './texts/texts.ts'
import { waitingTime } from './waiting-time.ts'

/** Why the person is asked again. */
export type LoginProblem = 'credentials' | 'busy' | 'missing' | 'throttled'

export interface LoginView {
  /** Path that the form is sent to. */
  readonly action: string
  readonly interaction: string
  /** Null, as `redirectUri`, when the person goes on to their own page here and to no app. */
  readonly client: { readonly name: string } | null
  readonly redirectUri: string | null
  readonly username: string | undefined
  readonly problem: LoginProblem | undefined
  /** Seconds, with the problem `throttled`. */
  readonly throttledFor?: number | undefined
}

/** The form for username and password. It can show the username again, never the password. */
export function loginPage(view: LoginView, frame: PageFrame): Page {
  const { texts } = frame
  const { login, sessions } = texts
  const app = view.client === null ? undefined : shownName(view.client.name, texts)
  const title = app === undefined ? sessions.signInTitle : login.title(app)
  const lead =
    app === undefined
      ? html`${sessions.signInLead}`
      : inSentence(login.lead, html`<strong class="app"><bdi>${app}</bdi></strong>`)
  const content = html`<h1>${login.heading}</h1>
<p class="lead">${lead}</p>
${problemNote(view, frame)}
<form method="post" action="${view.action}" autocomplete="on">
<input type="hidden" name="interaction" value="${view.interaction}">
<div class="field">
<label for="username">${login.username}</label>
<input id="username" name="username" type="text" value="${view.username}" autocomplete="username" autocapitalize="none" spellcheck="false" required${focus(view.username === undefined)}${described(view.problem)}>
</div>
<div class="field">
<label for="password">${login.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${focus(view.username !== undefined)}${described(view.problem)}>
</div>
<button class="button primary" type="submit">${login.submit}</button>
</form>
${afterwards(view.redirectUri, texts)}`
  return layout(view.problem === undefined ? title : login.problem(title), content, frame)
}

function afterwards(redirectUri: string | null, texts: Texts): Html {
  if (redirectUri === null) return html`<p class="note">${texts.sessions.signInNote}</p>`
  const place = html`<bdi>${destination(redirectUri, texts)}</bdi>`
  return html`<p class="note">${inSentence(texts.login.afterwards, place)}</p>`
}

function problemNote({ problem, throttledFor = 60 }: LoginView, frame: PageFrame): Html | undefined {
  if (problem === undefined) return undefined
  const { login } = frame.texts
  const text =
    problem === 'throttled' ? login.throttled(waitingTime(throttledFor, frame.language)) : login[problem]
  return html`<p class="alert" id="problem" role="alert">${text}</p>`
}

function focus(wanted: boolean): Html | false {
  return wanted && html` autofocus`
}

function described(problem: LoginProblem | undefined): Html | undefined {
  if (problem === undefined) return undefined
  return problem === 'busy' || problem === 'throttled'
    ? html` aria-describedby="problem"`
    : html` aria-invalid="true" aria-describedby="problem"`
}
