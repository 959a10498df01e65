import { type Html, html } from './html.ts'
import { layout, type PageFrame } from './layout.ts'
import { sessionsPageTexts } from './sessions-page-texts.ts'

/** Says what this is. `metadata` is the path of the issuer's metadata, `sessions` that of the person's own sign-ins. */
export function indexPage(metadata: string, sessions: string, frame: PageFrame): Html {
  const content = html`<h1>Sign-in service</h1>
<p class="lead">Apps send you here to sign in. There is nothing to do on this page: to sign in, start at the app you want to use.</p>
<dl class="details">
<div><dt>For you</dt><dd><a href="${sessions}">${sessionsPageTexts.linkHere}</a></dd></div>
<div><dt>For developers</dt><dd><a href="${metadata}">The metadata of this OpenID provider</a></dd></div>
</dl>`
  return layout('Sign-in service', content, frame)
}
