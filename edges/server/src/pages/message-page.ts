import { type Html, html } from './html.ts'
import { layout, type Page, type PageFrame } from './layout.ts'

export interface MessageView {
  readonly title: string
  readonly text: string
  /** For those who made the app; always in English, as the protocols have it. */
  readonly detail: string | undefined
  /** The request's name in the log. */
  readonly reference: string
}

/** Says what went wrong and what to do now. */
export function messagePage(view: MessageView, frame: PageFrame): Page {
  const words = frame.texts.frame
  const content = html`<h1>${view.title}</h1>
<p class="lead">${view.text}</p>
<dl class="details">
${view.detail !== undefined && html`<div><dt>${words.forDevelopers}</dt><dd${inEnglish(frame)}>${view.detail}</dd></div>`}
<div><dt>${words.reference}</dt><dd><code>${view.reference}</code></dd></div>
</dl>`
  return layout(view.title, content, frame)
}

/** WCAG 2.2 §3.1.2: so that it is read out as what it is. */
function inEnglish({ language }: PageFrame): Html | false {
  return language !== 'en' && html` lang="en"`
}
