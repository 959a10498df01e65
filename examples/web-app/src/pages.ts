import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { OrdersAnswer } from './orders.ts'
import type { AppSession } from './sessions.ts'

type Page = HtmlEscapedString | Promise<HtmlEscapedString>

/** Before signing in. */
export function welcomePage(issuer: string, notice: string | undefined): Page {
  return frame(
    'Sample web app',
    html`${noticeBox(notice)}
      <h1>Your orders, behind a sign-in</h1>
      <p>This app asks <strong>${issuer}</strong> who you are, and shows your orders from an API that takes its tokens.</p>
      <p><a class="button primary" href="/sign-in">Sign in</a></p>
      <p class="quiet">The tokens stay on the server. Your browser gets a session cookie that no script can read.</p>`,
  )
}

/** After signing in. */
export function ordersPage(issuer: string, session: AppSession, answer: OrdersAnswer, now: number): Page {
  const left = Math.max(0, Math.round((session.tokens.expiresAt - now) / 1000))
  return frame(
    'Your orders',
    html`${noticeBox(session.notice)}
      <h1>Hello, ${session.name}</h1>
      ${ordersTable(answer)}
      <h2>Your session</h2>
      <dl>
        <div><dt>Subject</dt><dd><code>${session.subject}</code></dd></div>
        <div><dt>Scope</dt><dd><code>${session.tokens.scope}</code></dd></div>
        <div><dt>Access token</dt><dd>runs out in ${left} seconds</dd></div>
        <div><dt>Refreshed</dt><dd>${timesInWords(session.refreshes)}</dd></div>
      </dl>
      <div class="row">
        <form method="post" action="/refresh"><button class="button primary">Refresh</button></form>
        <form method="post" action="/sign-out"><button class="button">Sign out of this app</button></form>
      </div>
      <p class="quiet"><a class="elsewhere" href="${issuer}/sessions">See where else you are signed in</a></p>`,
  )
}

/** When something went wrong. */
export function errorPage(title: string, explanation: string): Page {
  return frame(
    title,
    html`<h1>${title}</h1>
      <p>${explanation}</p>
      <div class="row"><a class="button primary" href="/sign-in">Try again</a> <a class="button" href="/">Back</a></div>`,
  )
}

function ordersTable(answer: OrdersAnswer): Page {
  if ('status' in answer) {
    const why = answer.status === null ? 'it cannot be reached' : `it answered ${answer.status}`
    return html`<p class="notice bad" role="status">The API gave no orders: ${why}.</p>`
  }
  return html`<div class="scroll" role="region" aria-label="Orders" tabindex="0"><table>
    <thead><tr><th scope="col">Order</th><th scope="col">Item</th><th scope="col" class="number">Quantity</th><th scope="col">State</th></tr></thead>
    <tbody>
      ${answer.orders.map(
        (order) =>
          html`<tr><td><code>${order.id}</code></td><td>${order.item}</td><td class="number">${order.quantity}</td><td><span class="state">${order.state}</span></td></tr>`,
      )}
    </tbody>
  </table></div>`
}

function timesInWords(times: number): string {
  if (times === 0) return 'not yet'
  return times === 1 ? 'once' : `${times} times`
}

function noticeBox(notice: string | undefined): Page {
  return notice === undefined ? html`` : html`<p class="notice" role="status">${notice}</p>`
}

function frame(title: string, body: Page): Page {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="stylesheet" href="/style.css">
    <link rel="icon" href="/mark.svg" type="image/svg+xml">
  </head>
  <body>
    <header><a href="/"><img src="/mark.svg" alt="" width="28" height="28"> Orders</a></header>
    <main>${body}</main>
    <footer>A sample application of Jotwarden</footer>
  </body>
</html>`
}
