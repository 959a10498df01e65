import type { Clock, JsonObject } from '@jotwarden/token'
import { AuthenticatedClient } from './client-authentication.ts'
import type { ClientStore } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { TokenRequest } from './grant-pipeline.ts'
import type { Guesses } from './guesses.ts'
import type { Introspection } from './introspection.ts'
import { isMarkable } from './marks.ts'
import { parseOAuthForm } from './oauth-form.ts'
import type { LogHead, LogPage, RevocationLog } from './revocation-log.ts'
import { issuerRevoked } from './revoked.ts'
import type { Settings } from './settings.ts'
import type { RevocationOutcome, TokenRevocation } from './token-revocation.ts'

/** Taking back what was issued, and telling who must know. */
export interface Revocation {
  /** The revocation endpoint (RFC 7009). What is unknown is answered like what was revoked. Throws `oauth/*`. */
  revoke(request: TokenRequest): Promise<void>
  /** The introspection endpoint (RFC 7662), for resource servers. Throws `oauth/*`. */
  introspect(request: TokenRequest): Promise<JsonObject>
  /** Takes a token back on behalf of whoever runs the authority. Throws `oauth/unsupported_token_type`. */
  revokeToken(token: string): Promise<RevocationOutcome>
  /** Refuses the access token with this `jti`. Throws `oauth/invalid_request` for what cannot be one. */
  revokeTokenId(jti: string): Promise<void>
  /** Refuses everything that was issued until now; everybody signs in again. */
  revokeEverything(): Promise<void>
  /** Lets a resource server read the feed and answers its client id. Throws `oauth/*`. */
  authenticateReader(authorization: string | undefined, network: string | undefined): Promise<string>
  /** Whether the client still may read the feed. */
  mayRead(client: string): Promise<boolean>
  /** Where the log stands, read anew. */
  head(): Promise<LogHead>
  /** A stretch of the log. */
  read(page: { readonly after: number; readonly limit: number }): Promise<LogPage>
}

export interface RevocationParts {
  readonly settings: Settings
  readonly clients: ClientStore
  readonly guesses: Guesses
  readonly log: RevocationLog
  readonly clock: Clock
  readonly tokens: TokenRevocation
  readonly introspection: Introspection
}

export function createRevocation(parts: RevocationParts): Revocation {
  const { log, clock, clients, guesses } = parts
  const { issuer } = parts.settings

  async function authenticated(request: TokenRequest) {
    return (await AuthenticatedClient.authenticate(request, { issuer, clients, guesses })).client
  }

  async function resourceServer(request: TokenRequest) {
    const { id, resource } = await authenticated(request)
    if (resource !== null) return { id, resource }
    throw new AuthorityError(
      'oauth/unauthorized_client',
      'Cannot answer the client: it is not registered as a resource server',
    )
  }

  return {
    async revoke(request) {
      const { id } = await authenticated(request)
      await parts.tokens.revoke(tokenOf(request), id, clock.now())
    },
    async introspect(request) {
      const { resource } = await resourceServer(request)
      return parts.introspection(tokenOf(request), resource, clock.now())
    },
    revokeToken: (token) => parts.tokens.revoke(token, null, clock.now()),
    async revokeTokenId(jti) {
      if (!isMarkable(jti))
        throw new AuthorityError(
          'oauth/invalid_request',
          'Cannot revoke the token: its id is empty, longer than 255 characters or no Unicode text',
        )
      await parts.tokens.revokeId(jti, clock.now())
    },
    revokeEverything: () => log.append(issuer, issuerRevoked(issuer, 'administrator', clock.now())),
    async authenticateReader(authorization, network) {
      if (authorization === undefined)
        throw new AuthorityError(
          'oauth/invalid_client',
          'Cannot authenticate the client: no credential was sent',
        )
      return (await resourceServer({ form: parseOAuthForm(''), authorization, network })).id
    },
    mayRead: async (client) => ((await clients.find(issuer, client))?.resource ?? null) !== null,
    head: () => log.head(issuer),
    read: (page) => log.read(issuer, page),
  }
}

function tokenOf({ form }: TokenRequest): string {
  const token = form.one('token')
  if (token !== undefined) return token
  throw new AuthorityError('oauth/invalid_request', 'Cannot read the request: token is missing')
}
