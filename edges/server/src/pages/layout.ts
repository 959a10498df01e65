import { type Html, html } from './html.ts'
import type { Language } from './texts/languages.ts'
import type { Texts } from './texts/texts.ts'

/** A whole page, and the language it is in. */
export interface Page {
  readonly html: Html
  readonly language: Language
}

/** What every page shows around its content, and in which words. */
export interface PageFrame {
  readonly language: Language
  readonly texts: Texts
  /** The language, when it is the one that the app asked for. */
  readonly asked: Language | undefined
  /** The issuer's host, so that people see where they are. */
  readonly host: string
  /** Path of the style sheet. */
  readonly stylesheet: string
  /** Path of the mark. */
  readonly mark: string
}

export function layout(title: string, content: Html, frame: PageFrame): Page {
  const page = html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · ${frame.host}</title>
<link rel="icon" type="image/svg+xml" href="${frame.mark}">
<link rel="stylesheet" href="${frame.stylesheet}">
</head>
<body>
<div class="page">
<header class="brand"><img src="${frame.mark}" width="32" height="32" alt=""><span>${frame.host}</span></header>
<main class="card">
${content}
</main>
<footer class="foot">${frame.texts.frame.foot}</footer>
</div>
</body>
</html>
`
  return { html: page, language: frame.language }
}
