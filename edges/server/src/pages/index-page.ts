import { html } from './html.ts'
import { layout, type Page, type PageFrame } from './layout.ts'

/** Says what this is. `metadata` is the path of the issuer's metadata, `sessions` that of the person's own sign-ins. */
export function indexPage(metadata: string, sessions: string, frame: PageFrame): Page {
  const { index, frame: words } = frame.texts
  const content = html`<h1>${index.title}</h1>
<p class="lead">${index.text}</p>
<dl class="details">
<div><dt>${index.forYou}</dt><dd><a href="${sessions}">${index.sessions}</a></dd></div>
<div><dt>${words.forDevelopers}</dt><dd><a href="${metadata}">${index.metadata}</a></dd></div>
</dl>`
  return layout(index.title, content, frame)
}
