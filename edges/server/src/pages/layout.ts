import { type Html, html } from './html.ts'

/** What every page shows around its content. */
export interface PageFrame {
  /** The issuer's host, so that people see where they are. */
  readonly host: string
  /** Path of the style sheet. */
  readonly stylesheet: string
  /** Path of the mark. */
  readonly mark: string
}

export function layout(title: string, content: Html, frame: PageFrame): Html {
  return html`<!doctype html>
<html lang="en">
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
<footer class="foot">Secured by Jotwarden</footer>
</div>
</body>
</html>
`
}
