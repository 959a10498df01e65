import { destination } from './destination.ts'
import { type Html, html } from './html.ts'
import { layout, type PageFrame } from './layout.ts'
import { sessionsPageTexts } from './sessions-page-texts.ts'
import { shownName } from './shown-name.ts'

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
export function loginPage(view: LoginView, frame: PageFrame): Html {
  const app = view.client === null ? undefined : shownName(view.client.name)
  const title = app === undefined ? sessionsPageTexts.signInTitle : `Sign in to ${app}`
  const content = html`<h1>Sign in</h1>
${app === undefined ? html`<p class="lead">${sessionsPageTexts.signInLead}</p>` : html`<p class="lead">to continue to <strong class="app"><bdi>${app}</bdi></strong></p>`}
${problemNote(view)}
<form method="post" action="${view.action}" autocomplete="on">
<input type="hidden" name="interaction" value="${view.interaction}">
<div class="field">
<label for="username">Username</label>
<input id="username" name="username" type="text" value="${view.username}" autocomplete="username" autocapitalize="none" spellcheck="false" required${focus(view.username === undefined)}${described(view.problem)}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${focus(view.username !== undefined)}${described(view.problem)}>
</div>
<button class="button primary" type="submit">Sign in</button>
</form>
${afterwards(view.redirectUri)}`
  return layout(view.problem === undefined ? title : `Problem: ${title}`, content, frame)
}

function afterwards(redirectUri: string | null): Html {
  if (redirectUri === null) return html`<p class="note">${sessionsPageTexts.signInNote}</p>`
  return html`<p class="note">Afterwards you go back to <bdi>${destination(redirectUri)}</bdi>.</p>`
}

function problemNote({ problem, throttledFor = 60 }: LoginView): Html | undefined {
  if (problem === undefined) return undefined
  const text = problem === 'throttled' ? tooMany(throttledFor) : PROBLEMS[problem]
  return html`<p class="alert" id="problem" role="alert">${text}</p>`
}

/** Says the same of a name that nobody has. */
function tooMany(seconds: number): string {
  const wait = seconds < 60 ? count(seconds, 'second') : count(Math.ceil(seconds / 60), 'minute')
  return `Too many sign-ins have failed. Your password was not checked. Wait ${wait} and try again.`
}

function count(number: number, unit: string): string {
  return number === 1 ? `1 ${unit}` : `${number} ${unit}s`
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

/** Does not say which of the two is wrong. */
const PROBLEMS: Readonly<Record<Exclude<LoginProblem, 'throttled'>, string>> = {
  credentials: 'The username or the password is not right. Check both and try again.',
  busy: 'Too many people are signing in right now. Wait a few seconds and try again.',
  missing: 'Enter both your username and your password.',
}
