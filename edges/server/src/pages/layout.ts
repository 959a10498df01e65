import { type Html, html } from './html.ts'
import type { Language } from './texts/languages.ts'
import type { Texts } from './texts/texts.ts'

/** A whole page, and the language it is in. */
export interface Page {
  readonly html: Html
  readonly language: Language
}

/** The host's logo, or our mark. */
export interface PagePicture {
  readonly path: string
  readonly type: string
  readonly isLogo: boolean
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
  /** The name that the host gave its service. */
  readonly name: string | undefined
  readonly picture: PagePicture
}

export function layout(title: string, content: Html, frame: PageFrame): Page {
  const page = html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · ${frame.name ?? frame.host}</title>
<link rel="icon" type="${frame.picture.type}" href="${frame.picture.path}">
<link rel="stylesheet" href="${frame.stylesheet}">
</head>
<body>
<div class="page">
<header class="${frame.picture.isLogo ? 'brand below' : 'brand'}">${pictureOf(frame)}${serviceOf(frame)}</header>
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

/** Without words of its own, since the name stands beside it as text. */
function pictureOf({ picture }: PageFrame): Html {
  if (picture.isLogo) return html`<img class="logo" src="${picture.path}" alt="">`
  return html`<img src="${picture.path}" width="32" height="32" alt="">`
}

/** The host always, since a name can be anybody's. */
function serviceOf({ name, host }: PageFrame): Html {
  if (name === undefined) return html`<span>${host}</span>`
  return html`<span class="service"><span>${name}</span> <span class="quiet">${host}</span></span>`
}
