import { type Html, html } from './html.ts'
import type { PageFrame } from './layout.ts'
import type { Texts } from './texts/texts.ts'

/** A scope, and what it lets an app do: in one language, or in several. */
export interface ScopeView {
  readonly name: string
  readonly description: string
  readonly inLanguages?: { readonly [language: string]: string }
}

/** Text in another language says so (WCAG 2.2 §3.1.2), where its language is known. */
export function scopeText(scope: ScopeView, { language, texts }: PageFrame): Html {
  if (isOwn(scope.name, texts.scopes)) return html`<span>${texts.scopes[scope.name]}</span>`
  const own = scope.inLanguages?.[language]
  if (own !== undefined) return html`<span>${own}</span>`
  const [other] = Object.keys(scope.inLanguages ?? {})
  return html`<span${other !== undefined && html` lang="${other}"`}>${scope.description}</span>`
}

function isOwn(scope: string, own: Texts['scopes']): scope is keyof Texts['scopes'] {
  return Object.hasOwn(own, scope)
}
