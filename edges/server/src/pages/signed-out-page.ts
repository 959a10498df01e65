import { type Html, html } from './html.ts'
import { layout, type PageFrame } from './layout.ts'

/** Says that it is done, to whoever is sent nowhere else. */
export function signedOutPage(frame: PageFrame): Html {
  const content = html`<h1>You are signed out</h1>
<p class="lead">To sign in again, start at the app you want to use. You can close this page now.</p>`
  return layout('You are signed out', content, frame)
}
