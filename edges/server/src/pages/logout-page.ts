import { destination } from './destination.ts'
import { type Html, html } from './html.ts'
import { inSentence } from './in-sentence.ts'
import { layout, type Page, type PageFrame } from './layout.ts'
import { shownName } from './shown-name.ts'
import type { Texts } from './texts/texts.ts'

export interface LogoutView {
  /** Path that the form is sent to. */
  readonly action: string
  readonly client: { readonly name: string } | undefined
  /** What goes along with the form. */
  readonly fields: { readonly [name: string]: string }
  /** Where the browser goes afterwards. */
  readonly returnTo: string | undefined
}

/** Asks whether to sign out, since nothing showed that the person wants to. To stay takes no button. */
export function logoutPage(view: LogoutView, frame: PageFrame): Page {
  const { texts } = frame
  const { logout } = texts
  const content = html`<h1>${logout.title}</h1>
<p class="lead">${reason(view.client, texts)} ${logout.effect}</p>
<form method="post" action="${view.action}">
${Object.entries(view.fields).map(hiddenField)}
<button class="button primary" type="submit">${logout.submit}</button>
</form>
<p class="note">${logout.stay}${afterwards(view.returnTo, texts)}</p>`
  return layout(logout.title, content, frame)
}

function reason(client: LogoutView['client'], texts: Texts): Html | undefined {
  if (client === undefined) return undefined
  const app = html`<strong class="app"><bdi>${shownName(client.name, texts)}</bdi></strong>`
  return inSentence(texts.logout.asks, app)
}

function hiddenField([name, value]: [name: string, value: string]): Html {
  return html`<input type="hidden" name="${name}" value="${value}">
`
}

function afterwards(returnTo: string | undefined, texts: Texts): Html | undefined {
  if (returnTo === undefined) return undefined
  return html` ${inSentence(texts.logout.afterwards, html`<bdi>${destination(returnTo, texts)}</bdi>`)}`
}
