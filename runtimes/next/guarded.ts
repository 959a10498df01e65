import { createVerifier, type Verifier, VerifierError } from '@jotwarden/verifier'
import { authProxy, createAuth, withAuth } from '@jotwarden/verifier/next'
import { protectedResourceMetadata } from '@jotwarden/verifier/resource-metadata'

// What the application of Next.js imports: bundled first, since its own compiler does not read this repository's sources

const routes = {
  any: {},
  read: { scopes: ['read'], realm: 'orders' },
  admin: { scopes: ['read', 'admin'] },
  either: { anyScope: ['admin', 'read'] },
  neither: { anyScope: ['admin', 'owner'] },
  gold: { acrValues: ['urn:gold'], maxAge: 300 },
  optional: { optional: true },
  described: { resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' },
  inside: {},
  broken: {},
}

/** The verifier that a test asks for: its issuer stands in the query, its clock stands still. */
function verifierFor(issuer: string): Verifier {
  return createVerifier({
    issuer,
    audience: 'https://api.example',
    revocation: null,
    clock: { now: () => 1_800_000_000 },
  })
}

export async function handle(
  request: Request,
  context: { params: Promise<{ route: keyof typeof routes }> },
): Promise<Response> {
  const { route } = await context.params
  const verifier = verifierFor(new URL(request.url).searchParams.get('issuer') ?? '')
  const handler = withAuth(verifier, routes[route], (_, auth) => {
    if (route === 'inside') auth?.require('admin')
    if (route === 'broken') throw new TypeError('a mistake of the route')
    return Response.json({ subject: auth?.subject ?? null })
  })
  return handler(request)
}

/** What a page says of whoever asks for it. */
export async function whoami(issuer: string, headers: () => Promise<Headers>): Promise<string> {
  try {
    return `It is ${(await createAuth(verifierFor(issuer), headers)({ scopes: ['read'] })).subject}`
  } catch (error) {
    if (error instanceof VerifierError) return `It is refused: ${error.code}`
    throw error
  }
}

export function proxied(request: Request): Promise<Response | undefined> {
  const verifier = verifierFor(new URL(request.url).searchParams.get('issuer') ?? '')
  return authProxy(verifier, { realm: 'orders' })(request)
}

export const metadata = protectedResourceMetadata({
  resource: 'https://api.example',
  authorizationServers: ['https://issuer.example'],
})
