import type { Assets } from './assets.ts'
import { authorizeHandlers } from './handlers/authorize.ts'
import { consentHandlers } from './handlers/consent.ts'
import { livenessHandler, readinessHandler } from './handlers/health.ts'
import { indexHandler } from './handlers/index-page.ts'
import { introspectHandler } from './handlers/introspect.ts'
import { jwksHandler } from './handlers/jwks.ts'
import { loginHandlers } from './handlers/login.ts'
import { confirmLogoutHandler, logoutHandlers } from './handlers/logout.ts'
import { metadataHandler } from './handlers/metadata.ts'
import { revocationsHandler } from './handlers/revocations.ts'
import { revokeHandler } from './handlers/revoke.ts'
import { sessionsHandlers } from './handlers/sessions.ts'
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
    ...revocationRoutes(server),
    { path: '/healthz', GET: livenessHandler, readers: 'machines', anyTransport: true, isKeyless: true },
    {
      path: '/readyz',
      GET: readinessHandler(server),
      readers: 'machines',
      anyTransport: true,
      isKeyless: true,
    },
    ...Object.values(assets).map(
      ({ path, answer }): Route => ({ path, GET: () => answer, readers: 'machines', isKeyless: true }),
    ),
    ...[...new Set([endpoints.base, `${endpoints.base}/`])]
      .filter((path) => path !== '')
      .map((path): Route => ({ path, GET: indexHandler(server), readers: 'either' })),
  ]
}

/** Taking back what was issued, and telling who must know. */
function revocationRoutes(server: ServerContext): readonly Route[] {
  const { endpoints } = server
  return [
    {
      path: endpoints.revoke,
      POST: revokeHandler(server),
      readers: 'machines',
      isOpen: true,
      challenge: 'Basic',
    },
    {
      path: endpoints.introspect,
      POST: introspectHandler(server),
      readers: 'machines',
      challenge: 'Basic',
    },
    { path: endpoints.logout, ...logoutHandlers(server), readers: 'people' },
    { path: endpoints.sessions, ...sessionsHandlers(server), readers: 'people' },
    { path: endpoints.logoutConfirm, POST: confirmLogoutHandler(server), readers: 'people' },
    {
      path: endpoints.revocations,
      GET: revocationsHandler(server),
      readers: 'machines',
      challenge: 'Basic',
    },
  ]
}
