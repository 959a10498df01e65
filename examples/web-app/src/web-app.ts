import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { type AuthorityClient, createAuthorityClient } from './authority.ts'
import { fetchOrders, type OrdersAnswer } from './orders.ts'
import { errorPage, ordersPage, welcomePage } from './pages.ts'
import { type AppSession, createShelf, type PendingSignIn, type Shelf } from './sessions.ts'
import { mark, style } from './style.ts'

/** Where the app runs, and how its authority knows it. */
export interface WebAppOptions {
  /** `scheme://host:port` of the app; `/callback` below it is its registered redirect URI. */
  readonly url: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** `scheme://host:port` of the API. */
  readonly api: string
}

/** A web application with sign-in, as a fetch handler. */
export function createWebApp(options: WebAppOptions): (request: Request) => Response | Promise<Response> {
  const parts: Parts = {
    options,
    authority: createAuthorityClient({ ...options, redirectUri: `${options.url}/callback` }),
    pending: createShelf(1800),
    sessions: createShelf(8 * 3600),
    cookies: cookieNames(options.url),
  }
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
  })
  app.get('/', (c) => home(c, parts))
  app.get('/sign-in', (c) => signIn(c, parts))
  app.get('/callback', (c) => callback(c, parts))
  // Forms of other sites are refused; SameSite alone would let other ports of this host pass.
  app.post('*', async (c, next) =>
    c.req.header('origin') === options.url ? next() : c.text('Forbidden', 403),
  )
  app.post('/refresh', (c) => refresh(c, parts))
  app.post('/sign-out', (c) => signOut(c, parts))
  app.get('/style.css', (c) => c.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/mark.svg', (c) => c.body(mark, 200, { 'content-type': 'image/svg+xml' }))
  app.onError((_error, c) =>
    c.html(errorPage('Something went wrong', 'The app could not do that. Nothing was lost.'), 500),
  )
  return (request) => app.fetch(request)
}

interface Parts {
  readonly options: WebAppOptions
  readonly authority: AuthorityClient
  readonly pending: Shelf<PendingSignIn>
  readonly sessions: Shelf<AppSession>
  readonly cookies: { readonly pending: string; readonly session: string }
}

async function home(c: Context, { options, authority, sessions, cookies }: Parts): Promise<Response> {
  const session = sessions.find(getCookie(c, cookies.session))
  if (session === undefined) return c.html(welcomePage(options.issuer, noticeOf(c)))
  const answer = await ordersFor(session, options.api, authority)
  if (answer === 'over') return sessionEnded(c, sessions, cookies.session)
  const page = await ordersPage(options.issuer, session, answer, Date.now())
  session.notice = undefined
  return c.html(page)
}

async function signIn(c: Context, { options, authority, pending, cookies }: Parts): Promise<Response> {
  try {
    const begun = await authority.begin()
    setCookie(c, cookies.pending, pending.put(begun.pending), cookieAttributes(options.url))
    return c.redirect(begun.location, 303)
  } catch {
    return c.html(
      errorPage('The authority cannot be reached', `${options.issuer} did not answer. Is it running?`),
      502,
    )
  }
}

async function callback(
  c: Context,
  { options, authority, pending, sessions, cookies }: Parts,
): Promise<Response> {
  const begun = pending.take(getCookie(c, cookies.pending))
  deleteCookie(c, cookies.pending, { path: '/' })
  if (begun === undefined) {
    // Back, or a second press of Allow, leads here again; who is signed in already stays so.
    if (sessions.find(getCookie(c, cookies.session)) !== undefined) return c.redirect('/', 303)
    return c.html(
      errorPage('Start again, please', 'This sign-in was not begun in this browser, or is over already.'),
      400,
    )
  }
  const returned = new URL(new URL(c.req.url).search, `${options.url}/callback`)
  if (returned.searchParams.get('error') === 'access_denied') {
    return c.html(
      errorPage('You said no', 'The app was not given what it asked for, so it cannot show your orders.'),
      403,
    )
  }
  try {
    const signedIn = await authority.finish(returned, begun)
    // A new name for the session: one that was planted before the sign-in is worth nothing.
    sessions.take(getCookie(c, cookies.session))
    const name = sessions.put({ ...signedIn, refreshes: 0, notice: 'You are signed in.' })
    setCookie(c, cookies.session, name, cookieAttributes(options.url))
    return c.redirect('/', 303)
  } catch {
    return c.html(
      errorPage(
        'You could not be signed in',
        'The answer of the authority did not pass the checks of this app.',
      ),
      400,
    )
  }
}

async function refresh(c: Context, { authority, sessions, cookies }: Parts): Promise<Response> {
  const name = getCookie(c, cookies.session)
  const session = sessions.find(name)
  if (session === undefined) return c.redirect('/', 303)
  const outcome = await refreshTokens(session, authority)
  if (outcome !== 'over') {
    session.notice =
      outcome === 'done' ? 'The tokens were refreshed.' : 'The authority did not answer. Please try again.'
    return c.redirect('/', 303)
  }
  return sessionEnded(c, sessions, cookies.session)
}

/** The authority ended it: signed out there, revoked, or expired. */
function sessionEnded(c: Context, sessions: Shelf<AppSession>, cookie: string): Response {
  sessions.take(getCookie(c, cookie))
  deleteCookie(c, cookie, { path: '/' })
  return c.redirect('/?ended', 303)
}

async function signOut(c: Context, { authority, sessions, cookies }: Parts): Promise<Response> {
  const session = sessions.take(getCookie(c, cookies.session))
  // Whether the authority answers or not, this browser is signed out here
  const { refreshToken } = session?.tokens ?? {}
  if (refreshToken !== undefined) await authority.revoke(refreshToken).catch(() => undefined)
  deleteCookie(c, cookies.session, { path: '/' })
  return c.redirect('/?signed-out', 303)
}

/** Why the person is back at the start, when a form led here. */
function noticeOf(c: Context): string | undefined {
  if (c.req.query('signed-out') !== undefined)
    return 'You are signed out of this app, and its tokens were revoked. The authority still knows this browser.'
  if (c.req.query('ended') !== undefined) return 'Your session has ended. Please sign in again.'
  return undefined
}

/** Asks the API; when the access token has run out or was taken back, refreshes once and asks again. */
async function ordersFor(
  session: AppSession,
  api: string,
  authority: AuthorityClient,
): Promise<OrdersAnswer | 'over'> {
  const answer = await fetchOrders(api, session.tokens.accessToken)
  const isRefused = 'status' in answer && answer.status === 401
  if (!isRefused) return answer
  const outcome = await refreshTokens(session, authority)
  if (outcome !== 'done') return outcome === 'over' ? 'over' : answer
  return fetchOrders(api, session.tokens.accessToken)
}

/** `over` when the authority says that the session has ended; a network that failed ends nothing. */
async function refreshTokens(
  session: AppSession,
  authority: AuthorityClient,
): Promise<'done' | 'over' | 'failed'> {
  const { refreshToken } = session.tokens
  if (refreshToken === undefined) return 'over'
  try {
    session.tokens = await authority.refresh(refreshToken)
    session.refreshes += 1
    return 'done'
  } catch (error) {
    return authority.isOver(error) ? 'over' : 'failed'
  }
}

function cookieNames(url: string): Parts['cookies'] {
  // Cookies do not know ports, so the name does: several apps on this host keep theirs apart.
  const { protocol, port } = new URL(url)
  const prefix = `${protocol === 'https:' ? '__Host-' : ''}sample-web-app${port === '' ? '' : `-${port}`}`
  return { pending: `${prefix}-sign-in`, session: `${prefix}-session` }
}

function cookieAttributes(url: string): Parameters<typeof setCookie>[3] {
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure: url.startsWith('https:') }
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const
