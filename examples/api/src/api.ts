import { createVerifier } from '@jotwarden/verifier'
import { requireAuth } from '@jotwarden/verifier/hono'
import { Hono } from 'hono'

/** Whose tokens the API accepts, and what it is called in them. */
export interface ApiOptions {
  readonly issuer: string
  /** The identifier of this API: the `aud` of its tokens. */
  readonly audience: string
}

/** An API with one protected route, as a fetch handler. */
export function createApi({
  issuer,
  audience,
}: ApiOptions): (request: Request) => Response | Promise<Response> {
  // `null` is written out: without a revocation feed, a token that was taken back passes until it expires.
  const verifier = createVerifier({ issuer, audience, revocation: null })
  const app = new Hono()

  app.get('/', (c) => c.json({ name: 'Sample orders API', protected: '/orders', scope: 'orders:read' }))

  app.get('/orders', requireAuth(verifier, { scopes: ['orders:read'] }), (c) => {
    const { subject, clientId } = c.var.auth
    return c.json({ asked_by: { subject, client_id: clientId }, orders })
  })

  return (request) => app.fetch(request)
}

const orders = [
  { id: 'A-1041', item: 'Desk lamp', quantity: 2, state: 'shipped' },
  { id: 'A-1042', item: 'Notebook, ruled', quantity: 10, state: 'packed' },
  { id: 'A-1043', item: 'Fountain pen', quantity: 1, state: 'ordered' },
]
