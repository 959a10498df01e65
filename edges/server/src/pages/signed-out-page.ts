import { html } from './html.ts'
import { layout, type Page, type PageFrame } from './layout.ts'

/** Says that it is done, to whoever is sent nowhere else. */
export function signedOutPage(frame: PageFrame): Page {
  const { signedOut } = frame.texts
  const content = html`<h1>${signedOut.title}</h1>
<p class="lead">${signedOut.text}</p>`
  return layout(signedOut.title, content, frame)
}
