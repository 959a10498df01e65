import { AuthorityError } from '@jotwarden/authority'
import { type Answer, jsonAnswer, pageAnswer } from './answer.ts'
import { type ErrorRow, errorRow } from './error-answers.ts'
import { refusalCode } from './error-report.ts'
import { messagePage } from './pages/message-page.ts'
import { methodsOf, type Route } from './route.ts'
import type { ServerContext } from './server-context.ts'

/** What the answer to an error hangs on. */
export interface ErrorSetting {
  readonly route: Route
  readonly request: Request
  /** The request's name in the log. */
  readonly id: string
  readonly server: ServerContext
}

/** Answers what was thrown, in the form that the route's readers understand. */
export function answerError(error: unknown, setting: ErrorSetting): Answer {
  const { route, request } = setting
  const code = refusalCode(error)
  const row = errorRow(code)
  const description = row.status < 500 && error instanceof Error ? descriptionOf(error.message) : undefined
  const retryAfter = (error instanceof AuthorityError ? error.retryAfter : undefined) ?? row.retryAfter
  const headers = {
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    ...(code === 'server/method' ? { allow: methodsOf(route).join(', ') } : {}),
    ...(route.readers === 'either' ? { vary: 'Accept' } : {}),
  }
  const wantsPage =
    route.readers === 'people' || (route.readers === 'either' && acceptsPages(request.headers))
  if (wantsPage) return errorPage(row, description, headers, setting)
  return jsonAnswer(
    row.status,
    { error: row.error, ...(description === undefined ? {} : { error_description: description }) },
    { ...headers, ...challenge(row, description, route, setting.server.endpoints.issuer) },
  )
}

function errorPage(
  row: ErrorRow,
  description: string | undefined,
  headers: Readonly<Record<string, string>>,
  setting: ErrorSetting,
): Answer {
  const frame = setting.server.pages.frameFor(setting.request)
  const page = messagePage(
    {
      ...frame.texts.errors[row.page],
      detail: row.status === 400 && description !== undefined ? `${row.error}: ${description}` : undefined,
      reference: setting.id,
    },
    frame,
  )
  // A page offers no way to send credentials along, so that 401 would promise what is not there.
  return pageAnswer(row.status === 401 ? 400 : row.status, page, { headers })
}

/** RFC 9110 §11.6.1 wants a challenge with every 401; RFC 6750 §3 with what a bearer token failed at besides. */
function challenge(
  row: ErrorRow,
  description: string | undefined,
  route: Route,
  issuer: string,
): Readonly<Record<string, string>> {
  if (route.challenge === 'Basic' && row.status === 401) {
    return { 'www-authenticate': `Basic realm="${issuer}", charset="UTF-8"` }
  }
  if (route.challenge !== 'Bearer' || !BEARER_STATUSES.has(row.status)) return {}
  const parts = [`realm="${issuer}"`, `error="${row.error}"`]
  if (description !== undefined) parts.push(`error_description="${description}"`)
  if (row.error === 'insufficient_scope') parts.push('scope="openid"')
  return { 'www-authenticate': `Bearer ${parts.join(', ')}` }
}

/** RFC 6749 §5.2 allows neither quotes nor backslashes nor anything beyond ASCII. */
function descriptionOf(message: string): string {
  return message
    .replaceAll('"', "'")
    .replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
    .slice(0, 300)
}

function acceptsPages(headers: Headers): boolean {
  return (headers.get('accept') ?? '').toLowerCase().includes('text/html')
}

const BEARER_STATUSES: ReadonlySet<number> = new Set([400, 401, 403])
