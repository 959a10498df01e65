import { destination } from './destination.ts'
import { type Html, html } from './html.ts'
import { inSentence } from './in-sentence.ts'
import { layout, type Page, type PageFrame } from './layout.ts'
import { type ScopeView, scopeText } from './scope-text.ts'
import { shownName } from './shown-name.ts'
import type { Texts } from './texts/texts.ts'

export interface ConsentView {
  /** Path that the form is sent to. */
  readonly action: string
  readonly interaction: string
  readonly client: { readonly name: string }
  readonly account: { readonly username: string; readonly name: string | null }
  readonly scopes: readonly ScopeView[]
  readonly redirectUri: string
}

/** Asks whether the app may have what it asked for. Allow and deny weigh the same to reach; only allow is filled. */
export function consentPage(view: ConsentView, frame: PageFrame): Page {
  const { texts } = frame
  const { consent } = texts
  const app = shownName(view.client.name, texts)
  const place = html`<bdi>${destination(view.redirectUri, texts)}</bdi>`
  const content = html`<h1>${inSentence(consent.title, html`<span class="app"><bdi>${app}</bdi></span>`)}</h1>
${person(view.account, texts)}
<h2 id="wants">${consent.wants}</h2>
<ul class="scopes" aria-labelledby="wants">
${view.scopes.map((scope) => scopeItem(scope, frame))}
</ul>
<form method="post" action="${view.action}">
<input type="hidden" name="interaction" value="${view.interaction}">
<div class="choices">
<button class="button" type="submit" name="decision" value="deny">${consent.deny}</button>
<button class="button primary" type="submit" name="decision" value="allow">${consent.allow}</button>
</div>
</form>
<p class="note">${inSentence(consent.afterwards, place)}</p>`
  return layout(consent.title(app), content, frame)
}

function person(account: ConsentView['account'], texts: Texts): Html {
  const name = shownName(account.name ?? account.username, texts)
  const initial = [...name][0]?.toUpperCase()
  return html`<div class="person">
<span class="initial" aria-hidden="true">${initial}</span>
<span class="names"><span class="quiet">${texts.consent.signedInAs}</span> <strong><bdi>${name}</bdi></strong>${
    account.name !== null &&
    html` <span class="quiet"><bdi>${shownName(account.username, texts)}</bdi></span>`
  }</span>
</div>`
}

function scopeItem(scope: ScopeView, frame: PageFrame): Html {
  return html`<li>${scopeText(scope, frame)} <code>${scope.name}</code></li>`
}
