import type { OwnApp, OwnSession, OwnSessionsView, OwnSignIn } from '@jotwarden/authority'
import { type Html, html } from './html.ts'
import { layout, type PageFrame } from './layout.ts'
import { SESSIONS_PAGE_LANGUAGE, sessionsPageTexts as texts } from './sessions-page-texts.ts'
import { shownName } from './shown-name.ts'
import { exactTime, relativeTime } from './shown-time.ts'

export interface SessionsPageView extends OwnSessionsView {
  /** Path of the page, and of its forms. */
  readonly action: string
  /** Whether it was asked for the newest; older ones come without apps and notices. */
  readonly isFirst: boolean
  readonly isOutdated: boolean
}

/** Shows a person where they are signed in. Every ending is a form of its own, and none needs a script. */
export function sessionsPage(view: SessionsPageView, frame: PageFrame): Html {
  const content = html`<div class="wide">
<h1>${texts.title}</h1>
${noticeOf(view)}
<p class="lead">${texts.lead}</p>
${person(view.account)}
<h2 id="sign-ins">${texts.signIns}</h2>
${view.signIns.length === 0 && html`<p class="quiet">${texts.nothingOlder}</p>`}
<ul class="sign-ins" aria-labelledby="sign-ins">
${view.signIns.map((signIn) => signInItem(signIn, view))}
</ul>
${pager(view)}
${view.isFirst && together(view)}
${view.isFirst && apps(view)}
</div>`
  return layout(texts.title, content, frame)
}

function noticeOf({ done, isOutdated }: SessionsPageView): Html | undefined {
  if (isOutdated) return html`<p class="alert" role="alert">${texts.outdated}</p>`
  return done === undefined ? undefined : html`<p class="done" role="status">${texts.done[done]}</p>`
}

function person(account: OwnSessionsView['account']): Html {
  const name = shownName(account.name ?? account.username)
  return html`<div class="person">
<span class="initial" aria-hidden="true">${[...name][0]?.toUpperCase()}</span>
<span class="names"><span class="quiet">${texts.signedInAs}</span> <strong><bdi>${name}</bdi></strong>${
    account.name !== null && html` <span class="quiet"><bdi>${shownName(account.username)}</bdi></span>`
  }</span>
</div>`
}

function signInItem(signIn: OwnSignIn, view: SessionsPageView): Html {
  return html`<li class="sign-in">
<div class="sign-in-head">
<div>
<h3>${placeOf(signIn)}${badge(signIn)}</h3>
<p class="quiet">${signIn.id === null ? texts.startedByAppsNote : howLong(signIn, view.now)}</p>
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

function placeOf({ id, device }: OwnSignIn): string {
  if (id === null) return texts.startedByApps
  const browser = device.browser === null ? undefined : texts.browsers[device.browser]
  const platform = device.platform === null ? undefined : texts.platforms[device.platform]
  return texts.device(browser, platform)
}

function badge({ browser }: OwnSignIn): Html | undefined {
  if (browser === 'other') return undefined
  const text = browser === 'this' ? texts.thisBrowser : texts.beforeInThisBrowser
  return html` <span class="badge">${text}</span>`
}

function howLong({ at, opensUntil }: OwnSignIn, now: number): Html {
  const signedIn = at !== null && phrase(texts.signedIn, at, now)
  const opens = opensUntil === null ? html`${texts.opensNothing}` : phrase(texts.opensUntil, opensUntil, now)
  return html`${signedIn}${at !== null && ' · '}${opens}`
}

function endLogin(signIn: OwnSignIn, id: string, view: SessionsPageView): Html {
  if (signIn.browser === 'this') return endForm(view, 'login', id, texts.endOwnLogin)
  const when = signIn.at === null ? '' : timeAgo(signIn.at, view.now)
  if (signIn.browser === 'this-before')
    return endForm(view, 'login', id, texts.endEarlier, texts.endEarlierOf(when))
  return endForm(view, 'login', id, texts.endLogin, texts.endLoginOf(placeOf(signIn), when))
}

function sessionItem(session: OwnSession, signIn: OwnSignIn, view: SessionsPageView): Html {
  const app = shownName(session.client.name)
  const when = timeAgo(session.startedAt, view.now)
  const label = texts.endSessionOf(app, placeOf(signIn), when)
  return html`<li>
<div><strong><bdi>${app}</bdi></strong>
<span class="quiet">${phrase(texts.started, session.startedAt, view.now)} · ${phrase(texts.used, session.usedAt, view.now)} · ${phrase(texts.endsAt, session.endsAt, view.now)}</span></div>
${endForm(view, 'session', session.id, texts.endSession, label)}
</li>
`
}

/** One act; what the button is about is said to those who hear it out of its place. */
function endForm(view: SessionsPageView, act: string, id: string, text: string, label?: string): Html {
  return html`<form method="post" action="${view.action}" class="inline">
${hidden(view.proof)}
<input type="hidden" name="id" value="${id}">
<button class="button small" type="submit" name="act" value="${act}"${label !== undefined && html` aria-label="${label}"`}>${text}</button>
</form>`
}

function hidden(proof: string): Html {
  return html`<input type="hidden" name="proof" value="${proof}">`
}

function pager({ action, older, isFirst }: SessionsPageView): Html | undefined {
  if (isFirst && older === undefined) return undefined
  return html`<p class="pager">
${!isFirst && html`<a href="${action}">${texts.newest}</a>`}
${older !== undefined && html`<a href="${action}?older=${older}">${texts.older}</a>`}
</p>`
}

/** The confirmation opens in its place, so that it needs neither a script nor a page. */
function together(view: SessionsPageView): Html {
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

function endOthers(view: SessionsPageView): Html {
  return html`<form method="post" action="${view.action}" class="together">
${hidden(view.proof)}
<button class="button" type="submit" name="act" value="others">${texts.endOthers}</button>
<p class="quiet">${texts.endOthersNote}</p>
</form>`
}

function apps(view: SessionsPageView): Html {
  return html`<h2 id="apps">${texts.apps}</h2>
<p class="quiet">${view.apps.length === 0 ? texts.nothingAllowed : texts.appsLead}</p>
${
  view.apps.length > 0 &&
  html`<ul class="rows apps" aria-labelledby="apps">
${view.apps.map((app) => appItem(app, view))}
</ul>`
}
${view.moreApps !== undefined && html`<p class="pager"><a href="${view.action}?apps=${encodeURIComponent(view.moreApps)}#apps">${texts.moreApps}</a></p>`}`
}

function appItem({ client, scopes, givenAt }: OwnApp, view: SessionsPageView): Html {
  const app = shownName(client.name)
  return html`<li>
<div><strong><bdi>${app}</bdi></strong>
<span class="quiet">${scopes.map(({ description }) => description).join(' · ')}</span>
<span class="quiet">${phrase(texts.allowed, givenAt, view.now)}</span></div>
${endForm(view, 'app', client.id, texts.forget, texts.forgetOf(app))}
</li>
`
}

/** A text about a moment, which says on asking when exactly that is. */
function phrase(text: (when: string) => string, at: number, now: number): Html {
  const machine = new Date(at * 1000).toISOString()
  const words = text(timeAgo(at, now))
  return html`<time datetime="${machine}" title="${exactTime(at, SESSIONS_PAGE_LANGUAGE)}">${words}</time>`
}

function timeAgo(at: number, now: number): string {
  return relativeTime(at, now, SESSIONS_PAGE_LANGUAGE, texts.justNow)
}
