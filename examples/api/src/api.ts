import { createVerifier } from '@jotwarden/verifier'
import { requireAuth } from '@jotwarden/verifier/hono'
import { followRevocations, type RevocationOptions } from '@jotwarden/verifier/revocation'
import { Hono } from 'hono'

/** Whose tokens the API accepts, and what it is called in them. */
export interface ApiOptions {
  readonly issuer: string
  /** The identifier of this API: the `aud` of its tokens. */
  readonly audience: string
  /** The API's own credential, with which it hears of revocations; `null` lets a revoked token pass until it expires. */
  readonly revocation: Pick<RevocationOptions, 'clientId' | 'clientSecret'> | null
}

export interface Api {
  readonly fetch: (request: Request) => Response | Promise<Response>
  /** Stops listening for revocations. */
  close(): Promise<void>
}

/** An API with one protected route. */
export function createApi({ issuer, audience, revocation }: ApiOptions): Api {
  const verifier = createVerifier({
    issuer,
    audience,
    revocation: revocation === null ? null : followRevocations(revocation),
  })
  const app = new Hono()

  app.get('/', (c) => c.json({ name: 'Sample orders API', protected: '/orders', scope: 'orders:read' }))

  app.get('/orders', requireAuth(verifier, { scopes: ['orders:read'] }), (c) => {
    const { subject, clientId } = c.var.auth
    return c.json({ asked_by: { subject, client_id: clientId }, orders })
  })

  return { fetch: (request) => app.fetch(request), close: () => verifier.close() }
}

const orders = [
  { id: 'A-1041', item: 'Desk lamp', quantity: 2, state: 'shipped' },
  { id: 'A-1042', item: 'Notebook, ruled', quantity: 10, state: 'packed' },
  { id: 'A-1043', item: 'Fountain pen', quantity: 1, state: 'ordered' },
]
