import { type Html, html } from './html.ts'
import { layout, type PageFrame } from './layout.ts'

export interface MessageView {
  readonly title: string
  readonly text: string
  /** For those who made the app. */
  readonly detail: string | undefined
  /** The request's name in the log. */
  readonly reference: string
}

/** Says what went wrong and what to do now. */
export function messagePage(view: MessageView, frame: PageFrame): Html {
  const content = html`<h1>${view.title}</h1>
<p class="lead">${view.text}</p>
<dl class="details">
${view.detail !== undefined && html`<div><dt>For developers</dt><dd>${view.detail}</dd></div>`}
<div><dt>Reference</dt><dd><code>${view.reference}</code></dd></div>
</dl>`
  return layout(view.title, content, frame)
}
