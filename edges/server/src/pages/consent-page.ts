import { destination } from './destination.ts'
import { type Html, html } from './html.ts'
import { layout, type PageFrame } from './layout.ts'
import { shownName } from './shown-name.ts'

export interface ConsentView {
  /** Path that the form is sent to. */
  readonly action: string
  readonly interaction: string
  readonly client: { readonly name: string }
  readonly account: { readonly username: string; readonly name: string | null }
  readonly scopes: readonly { readonly name: string; readonly description: string }[]
  readonly redirectUri: string
}

/** Asks whether the app may have what it asked for. Allow and deny weigh the same to reach; only allow is filled. */
export function consentPage(view: ConsentView, frame: PageFrame): Html {
  const app = shownName(view.client.name)
  const content = html`<h1>Allow <span class="app"><bdi>${app}</bdi></span>?</h1>
${person(view.account)}
<h2 id="wants">The app would like to</h2>
<ul class="scopes" aria-labelledby="wants">
${view.scopes.map(scopeItem)}
</ul>
<form method="post" action="${view.action}">
<input type="hidden" name="interaction" value="${view.interaction}">
<div class="choices">
<button class="button" type="submit" name="decision" value="deny">Deny</button>
<button class="button primary" type="submit" name="decision" value="allow">Allow</button>
</div>
</form>
<p class="note">Either way you go back to <bdi>${destination(view.redirectUri)}</bdi>. Allow only if you know it.</p>`
  return layout(`Allow ${app}?`, content, frame)
}

function person(account: ConsentView['account']): Html {
  const name = shownName(account.name ?? account.username)
  const initial = [...name][0]?.toUpperCase()
  return html`<div class="person">
<span class="initial" aria-hidden="true">${initial}</span>
<span class="names"><span class="quiet">Signed in as</span> <strong><bdi>${name}</bdi></strong>${
    account.name !== null && html` <span class="quiet"><bdi>${shownName(account.username)}</bdi></span>`
  }</span>
</div>`
}

function scopeItem(scope: ConsentView['scopes'][number]): Html {
  return html`<li><span>${scope.description}</span> <code>${scope.name}</code></li>`
}
