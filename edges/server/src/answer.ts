import { renderHtml } from './pages/html.ts'
import type { Page } from './pages/layout.ts'

/** What a handler answers; `respond.ts` adds the headers that every answer carries and makes the one Response. */
export interface Answer {
  readonly status: number
  /** A stream goes on for as long as its maker has something to say. */
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
  readonly headers?: Readonly<Record<string, string>>
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[]
  /** The further places that forms of this page may lead to; only pages have it. */
  readonly formTargets?: readonly string[]
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
): Answer {
  return { status, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }
}

export function pageAnswer(status: number, page: Page, rest: Omit<Answer, 'status' | 'body'> = {}): Answer {
  return {
    formTargets: [],
    ...rest,
    status,
    body: renderHtml(page.html),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': page.language,
      ...rest.headers,
      vary: [rest.headers?.vary ?? [], 'Accept-Language'].flat().join(', '),
    },
  }
}

/** 303, so that a browser never sends a form with a password on (RFC 9700 §4.12). */
export function redirectAnswer(location: string, cookies: readonly string[] = []): Answer {
  return { status: 303, body: null, headers: { location }, cookies }
}
