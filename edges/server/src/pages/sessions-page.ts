import type { OwnApp, OwnSession, OwnSessionsView, OwnSignIn } from '@jotwarden/authority'
import { withQuery } from '../page-frames.ts'
import { type Html, html } from './html.ts'
import { layout, type Page, type PageFrame } from './layout.ts'
import { scopeText } from './scope-text.ts'
import { shownName } from './shown-name.ts'
import { exactTime, relativeTime } from './shown-time.ts'

export interface SessionsPageView extends OwnSessionsView {
  /** Path of the page, and of its forms. */
  readonly action: string
  /** Whether it was asked for the newest; older ones come without apps and notices. */
  readonly isFirst: boolean
  readonly isOutdated: boolean
}

/** The page with its words, as its parts take it. */
interface Shown extends SessionsPageView {
  readonly frame: PageFrame
}

/** Shows a person where they are signed in. Every ending is a form of its own, and none needs a script. */
export function sessionsPage(view: SessionsPageView, frame: PageFrame): Page {
  const texts = frame.texts.sessions
  const shown = { ...view, frame }
  const content = html`<div class="wide">
<h1>${texts.title}</h1>
${noticeOf(shown)}
<p class="lead">${texts.lead}</p>
${person(shown)}
<h2 id="sign-ins">${texts.signIns}</h2>
${view.signIns.length === 0 && html`<p class="quiet">${texts.nothingOlder}</p>`}
<ul class="sign-ins" aria-labelledby="sign-ins">
${view.signIns.map((signIn) => signInItem(signIn, shown))}
</ul>
${pager(shown)}
${view.isFirst && together(shown)}
${view.isFirst && apps(shown)}
</div>`
  return layout(texts.title, content, frame)
}

function noticeOf({ done, isOutdated, frame }: Shown): Html | undefined {
  const texts = frame.texts.sessions
  if (isOutdated) return html`<p class="alert" role="alert">${texts.outdated}</p>`
  return done === undefined ? undefined : html`<p class="done" role="status">${texts.done[done]}</p>`
}

function person({ account, frame: { texts } }: Shown): Html {
  const name = shownName(account.name ?? account.username, texts)
  return html`<div class="person">
<span class="initial" aria-hidden="true">${[...name][0]?.toUpperCase()}</span>
<span class="names"><span class="quiet">${texts.sessions.signedInAs}</span> <strong><bdi>${name}</bdi></strong>${
    account.name !== null &&
    html` <span class="quiet"><bdi>${shownName(account.username, texts)}</bdi></span>`
  }</span>
</div>`
}

function signInItem(signIn: OwnSignIn, view: Shown): Html {
  const texts = view.frame.texts.sessions
  return html`<li class="sign-in">
<div class="sign-in-head">
<div>
<h3>${placeOf(signIn, view)}${badge(signIn, view)}</h3>
<p class="quiet">${signIn.id === null ? texts.startedByAppsNote : howLong(signIn, view)}</p>
</div>
${signIn.id !== null && endLogin(signIn, signIn.id, view)}
</div>
${
  signIn.sessions.length === 0
    ? html`<p class="quiet none">${texts.noApps}</p>`
    : html`<ul class="rows">
${signIn.sessions.map((session) => sessionItem(session, signIn, view))}
</ul>`
}
</li>
`
}

function placeOf({ id, device }: OwnSignIn, { frame }: Shown): string {
  const texts = frame.texts.sessions
  if (id === null) return texts.startedByApps
  const browser = device.browser === null ? undefined : BROWSERS[device.browser]
  const platform = device.platform === null ? undefined : PLATFORMS[device.platform]
  if (platform === undefined) return browser ?? texts.unknownBrowser
  return browser === undefined ? texts.someBrowserOn(platform) : texts.browserOn(browser, platform)
}

function badge({ browser }: OwnSignIn, { frame }: Shown): Html | undefined {
  const texts = frame.texts.sessions
  if (browser === 'other') return undefined
  const text = browser === 'this' ? texts.thisBrowser : texts.beforeInThisBrowser
  return html` <span class="badge">${text}</span>`
}

function howLong({ at, opensUntil }: OwnSignIn, view: Shown): Html {
  const texts = view.frame.texts.sessions
  const signedIn = at !== null && phrase(texts.signedIn, at, view)
  const opens = opensUntil === null ? html`${texts.opensNothing}` : phrase(texts.opensUntil, opensUntil, view)
  return html`${signedIn}${at !== null && ' · '}${opens}`
}

function endLogin(signIn: OwnSignIn, id: string, view: Shown): Html {
  const texts = view.frame.texts.sessions
  if (signIn.browser === 'this') return endForm(view, 'login', id, texts.endOwnLogin)
  const when = signIn.at === null ? '' : timeAgo(signIn.at, view)
  if (signIn.browser === 'this-before')
    return endForm(view, 'login', id, texts.endEarlier, texts.endEarlierOf(when))
  return endForm(view, 'login', id, texts.endLogin, texts.endLoginOf(placeOf(signIn, view), when))
}

function sessionItem(session: OwnSession, signIn: OwnSignIn, view: Shown): Html {
  const texts = view.frame.texts.sessions
  const app = shownName(session.client.name, view.frame.texts)
  const when = timeAgo(session.startedAt, view)
  const label = texts.endSessionOf(app, placeOf(signIn, view), when)
  return html`<li>
<div><strong><bdi>${app}</bdi></strong>
<span class="quiet">${phrase(texts.started, session.startedAt, view)} · ${phrase(texts.used, session.usedAt, view)} · ${phrase(texts.endsAt, session.endsAt, view)}</span></div>
${endForm(view, 'session', session.id, texts.endSession, label)}
</li>
`
}

/** One act; what the button is about is said to those who hear it out of its place. */
function endForm(view: Shown, act: string, id: string, text: string, label?: string): Html {
  return html`<form method="post" action="${view.action}" class="inline">
${hidden(view.proof)}
<input type="hidden" name="id" value="${id}">
<button class="button small" type="submit" name="act" value="${act}"${label !== undefined && html` aria-label="${label}"`}>${text}</button>
</form>`
}

function hidden(proof: string): Html {
  return html`<input type="hidden" name="proof" value="${proof}">`
}

function pager({ action, older, isFirst, frame }: Shown): Html | undefined {
  const texts = frame.texts.sessions
  if (isFirst && older === undefined) return undefined
  return html`<p class="pager">
${!isFirst && html`<a href="${action}">${texts.newest}</a>`}
${older !== undefined && html`<a href="${withQuery(action, 'older', older)}">${texts.older}</a>`}
</p>`
}

/** The confirmation opens in its place, so that it needs neither a script nor a page. */
function together(view: Shown): Html {
  const texts = view.frame.texts.sessions
  const hasOthers = view.older !== undefined || view.signIns.some(({ browser }) => browser === 'other')
  return html`<h2>${texts.several}</h2>
${hasOthers && endOthers(view)}
<details>
<summary class="button">${texts.endEverything}</summary>
<form method="post" action="${view.action}" class="together">
${hidden(view.proof)}
<p>${texts.endEverythingNote}</p>
<button class="button danger" type="submit" name="act" value="everything">${texts.endEverythingYes}</button>
</form>
</details>
<p class="note">${texts.passwordNote}</p>`
}

function endOthers(view: Shown): Html {
  const texts = view.frame.texts.sessions
  return html`<form method="post" action="${view.action}" class="together">
${hidden(view.proof)}
<button class="button" type="submit" name="act" value="others">${texts.endOthers}</button>
<p class="quiet">${texts.endOthersNote}</p>
</form>`
}

function apps(view: Shown): Html {
  const texts = view.frame.texts.sessions
  return html`<h2 id="apps">${texts.apps}</h2>
<p class="quiet">${view.apps.length === 0 ? texts.nothingAllowed : texts.appsLead}</p>
${
  view.apps.length > 0 &&
  html`<ul class="rows apps" aria-labelledby="apps">
${view.apps.map((app) => appItem(app, view))}
</ul>`
}
${view.moreApps !== undefined && html`<p class="pager"><a href="${withQuery(view.action, 'apps', view.moreApps)}#apps">${texts.moreApps}</a></p>`}`
}

function appItem({ client, scopes, givenAt }: OwnApp, view: Shown): Html {
  const texts = view.frame.texts.sessions
  const app = shownName(client.name, view.frame.texts)
  return html`<li>
<div><strong><bdi>${app}</bdi></strong>
<span class="quiet">${scopes.map((scope, index) => html`${index > 0 && ' · '}${scopeText(scope, view.frame)}`)}</span>
<span class="quiet">${phrase(texts.allowed, givenAt, view)}</span></div>
${endForm(view, 'app', client.id, texts.forget, texts.forgetOf(app))}
</li>
`
}

/** A text about a moment, which says on asking when exactly that is. */
function phrase(text: (when: string) => string, at: number, view: Shown): Html {
  const machine = new Date(at * 1000).toISOString()
  const words = text(timeAgo(at, view))
  return html`<time datetime="${machine}" title="${exactTime(at, view.frame.language)}">${words}</time>`
}

function timeAgo(at: number, { now, frame }: Shown): string {
  return relativeTime(at, now, frame.language, frame.texts.sessions.justNow)
}

/** Names of products, the same in every language. */
const BROWSERS = {
  firefox: 'Firefox',
  chrome: 'Chrome',
  edge: 'Edge',
  safari: 'Safari',
  opera: 'Opera',
  samsung: 'Samsung Internet',
} as const
const PLATFORMS = {
  windows: 'Windows',
  macos: 'Mac',
  linux: 'Linux',
  android: 'Android',
  ios: 'iPhone/iPad',
  chromeos: 'ChromeOS',
} as const
