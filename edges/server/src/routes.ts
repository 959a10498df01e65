import type { Assets } from './assets.ts'
import { authorizeHandlers } from './handlers/authorize.ts'
import { consentHandlers } from './handlers/consent.ts'
import { livenessHandler, readinessHandler } from './handlers/health.ts'
import { indexHandler } from './handlers/index-page.ts'
import { jwksHandler } from './handlers/jwks.ts'
import { loginHandlers } from './handlers/login.ts'
import { metadataHandler } from './handlers/metadata.ts'
import { tokenHandler } from './handlers/token.ts'
import { userinfoHandlers } from './handlers/userinfo.ts'
import type { Route } from './route.ts'
import type { ServerContext } from './server-context.ts'

/** The one table of endpoints. */
export function routesOf(server: ServerContext, assets: Assets): readonly Route[] {
  const { endpoints } = server
  const metadata = metadataHandler(server)
  return [
    ...endpoints.metadata.map((path): Route => ({ path, GET: metadata, readers: 'machines', isOpen: true })),
    { path: endpoints.jwks, GET: jwksHandler(server), readers: 'machines', isOpen: true },
    { path: endpoints.authorize, ...authorizeHandlers(server), readers: 'people' },
    { path: endpoints.login, ...loginHandlers(server), readers: 'people' },
    { path: endpoints.consent, ...consentHandlers(server), readers: 'people' },
    {
      path: endpoints.token,
      POST: tokenHandler(server),
      readers: 'machines',
      isOpen: true,
      challenge: 'Basic',
    },
    {
      path: endpoints.userinfo,
      ...userinfoHandlers(server),
      readers: 'machines',
      isOpen: true,
      challenge: 'Bearer',
    },
    { path: '/healthz', GET: livenessHandler, readers: 'machines', anyTransport: true },
    { path: '/readyz', GET: readinessHandler(server), readers: 'machines', anyTransport: true },
    ...Object.values(assets).map(
      ({ path, answer }): Route => ({ path, GET: () => answer, readers: 'machines' }),
    ),
    ...[...new Set([endpoints.base, `${endpoints.base}/`])]
      .filter((path) => path !== '')
      .map((path): Route => ({ path, GET: indexHandler(server), readers: 'either' })),
  ]
}
