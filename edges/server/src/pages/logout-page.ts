import { destination } from './destination.ts'
import { type Html, html } from './html.ts'
import { layout, type PageFrame } from './layout.ts'
import { shownName } from './shown-name.ts'

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
export function logoutPage(view: LogoutView, frame: PageFrame): Html {
  const content = html`<h1>Sign out?</h1>
<p class="lead">${reason(view.client)} You will be signed out of this sign-in service and of every app you entered with it.</p>
<form method="post" action="${view.action}">
${Object.entries(view.fields).map(hiddenField)}
<button class="button primary" type="submit">Sign out</button>
</form>
<p class="note">To stay signed in, just close this page.${afterwards(view.returnTo)}</p>`
  return layout('Sign out?', content, frame)
}

function reason(client: LogoutView['client']): Html | undefined {
  return (
    client && html`<strong class="app"><bdi>${shownName(client.name)}</bdi></strong> asks to sign you out.`
  )
}

function hiddenField([name, value]: [name: string, value: string]): Html {
  return html`<input type="hidden" name="${name}" value="${value}">
`
}

function afterwards(returnTo: string | undefined): Html | undefined {
  if (returnTo === undefined) return undefined
  return html` Once signed out you go back to <bdi>${destination(returnTo)}</bdi>.`
}
