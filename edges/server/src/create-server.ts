import { Hono } from 'hono'
import { createAssets } from './assets.ts'
import { trustProxies } from './client-address.ts'
import { createCookieJar } from './cookies.ts'
import { preflightAnswer } from './cors.ts'
import { layOutEndpoints } from './endpoints.ts'
import { ServerError } from './errors.ts'
import { FeedHub } from './feed/hub.ts'
import { JWKS_MAX_AGE } from './handlers/jwks.ts'
import { silentLogger } from './logger.ts'
import { createPageFrames } from './page-frames.ts'
import { systemClock } from './platform.ts'
import { createRequestLog } from './request-log.ts'
import { respond } from './respond.ts'
import { type Handler, methodsOf, type Route } from './route.ts'
import { routesOf } from './routes.ts'
import type { ServerContext } from './server-context.ts'
import type { ConnectionInfo, Server, ServerChange, ServerOptions } from './server-options.ts'
import { defineTheme } from './theme/theme.ts'

/**
 * Makes every endpoint of the authority one fetch handler, with its pages.
 *
 * Throws `server/options` for an http issuer without `loopback: true`, an issuer's path that cannot be routed, a proxy
 * that is neither an address nor a CIDR range, or a theme that cannot be shown.
 */
export function createServer(options: ServerOptions): Server {
  const { issuer } = options.authority.settings
  const endpoints = layOutEndpoints(issuer)
  if (!endpoints.isHttps && options.loopback !== true) {
    throw new ServerError(
      'server/options',
      'Cannot serve the issuer: it is plain http, which is for development and takes loopback: true',
    )
  }
  const theme = defineTheme(options.pages?.theme ?? {})
  const assets = createAssets(endpoints, theme)
  const logger = options.logger ?? silentLogger
  const feed = new FeedHub({
    authority: options.authority,
    logger,
    changes: options.changes,
    limits: options.feed ?? {},
  })
  const kept = {
    endpoints,
    cookies: createCookieJar(issuer, options.clock ?? systemClock),
    logger,
    pages: createPageFrames(
      {
        host: endpoints.host,
        name: theme.name,
        stylesheet: assets.stylesheet.path,
        picture: { path: assets.picture.path, type: assets.picture.type, isLogo: theme.logo !== undefined },
      },
      options.pages ?? {},
    ),
    feed,
    health: options.health,
  }
  const build = ({ authority, trustedProxies, jwksMaxAge, requestLog }: ServerChange) => {
    const proxies = trustProxies(trustedProxies ?? [])
    const server: ServerContext = {
      ...kept,
      tell: createRequestLog({ logger, ...requestLog, observe: options.observe }),
      authority,
      proxies,
      jwksMaxAge: jwksMaxAge ?? JWKS_MAX_AGE,
    }
    return buildApp(routesOf(server, assets), server)
  }
  let app = build(options)
  return {
    fetch: async (request, info = {}) => app.fetch(request, info),
    feed: () => feed.state(),
    prepare(change) {
      if (change.authority.settings.issuer !== issuer)
        throw new ServerError('server/options', 'Cannot serve the authority: it is that of another issuer')
      const next = build(change)
      return () => {
        app = next
      }
    },
    close: () => feed.close(),
  }
}

function buildApp(routes: readonly Route[], server: ServerContext): Hono<{ Bindings: ConnectionInfo }> {
  const app = new Hono<{ Bindings: ConnectionInfo }>()
  for (const route of routes) {
    const on = (method: string, handler: Handler): void => {
      app.on(method, route.path, (c) => respond(route, handler, c.req.raw, c.env, server))
    }
    if (route.GET !== undefined) on('GET', route.GET)
    if (route.POST !== undefined) on('POST', route.POST)
    if (route.isOpen) on('OPTIONS', () => preflightAnswer(methodsOf(route)))
    app.all(route.path, (c) => respond(route, refuseMethod, c.req.raw, c.env, server))
  }
  app.notFound((c) => respond(NOWHERE, refusePath, c.req.raw, c.env, server))
  return app
}

function refuseMethod(): never {
  throw new ServerError('server/method', 'Cannot answer the request: the endpoint does not know its method')
}

function refusePath(): never {
  throw new ServerError('server/not-found', 'Cannot answer the request: there is no such endpoint')
}

const NOWHERE: Route = { path: '(none)', readers: 'either', isKeyless: true }
