import type { Clock, JsonObject } from '@jotwarden/token'
import { AuthenticatedClient } from './client-authentication.ts'
import { isValidSecret } from './client-secret.ts'
import type { ClientStore } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { TokenRequest } from './grant-pipeline.ts'
import type { Guesses } from './guesses.ts'
import type { Introspection } from './introspection.ts'
import { isMarkable } from './marks.ts'
import { parseOAuthForm } from './oauth-form.ts'
import type { LogHead, LogPage, RevocationLog } from './revocation-log.ts'
import { issuerRevoked } from './revoked.ts'
import type { SecretUses } from './secret-uses.ts'
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
  /** Lets a resource server read the feed. Throws `oauth/*`. */
  authenticateReader(authorization: string | undefined, network: string | undefined): Promise<FeedReader>
  /** Whether it still may read the feed: the client is there, and the secret that it showed has not ended. */
  mayRead(reader: FeedReader): Promise<boolean>
  /** Where the log stands, read anew. */
  head(): Promise<LogHead>
  /** A stretch of the log. */
  read(page: { readonly after: number; readonly limit: number }): Promise<LogPage>
}

/** Who reads the feed: the client, and the id of the secret that it showed. */
export interface FeedReader {
  readonly client: string
  readonly secret: string
}

export interface RevocationParts {
  readonly settings: Settings
  readonly clients: ClientStore
  readonly guesses: Guesses
  readonly uses: SecretUses
  readonly log: RevocationLog
  readonly clock: Clock
  readonly tokens: TokenRevocation
  readonly introspection: Introspection
}

export function createRevocation(parts: RevocationParts): Revocation {
  const { log, clock, clients, guesses, uses } = parts
  const { issuer } = parts.settings

  async function authenticated(request: TokenRequest) {
    const context = { issuer, clients, guesses, uses, now: clock.now() }
    return AuthenticatedClient.authenticate(request, context)
  }

  async function resourceServer(request: TokenRequest) {
    const { client, secret } = await authenticated(request)
    const { id, resource } = client
    // Only confidential clients may be resource servers, and those have shown a secret
    if (resource !== null && secret !== null) return { id, resource, secret }
    throw new AuthorityError(
      'oauth/unauthorized_client',
      'Cannot answer the client: it is not registered as a resource server',
    )
  }

  return {
    async revoke(request) {
      const { client } = await authenticated(request)
      await parts.tokens.revoke(tokenOf(request), client.id, clock.now())
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
      const { id, secret } = await resourceServer({ form: parseOAuthForm(''), authorization, network })
      return { client: id, secret }
    },
    async mayRead(reader) {
      const client = await clients.find(issuer, reader.client)
      const secret = client?.secrets.find(({ id }) => id === reader.secret)
      return (client?.resource ?? null) !== null && secret !== undefined && isValidSecret(secret, clock.now())
    },
    head: () => log.head(issuer),
    read: (page) => log.read(issuer, page),
  }
}

function tokenOf({ form }: TokenRequest): string {
  const token = form.one('token')
  if (token !== undefined) return token
  throw new AuthorityError('oauth/invalid_request', 'Cannot read the request: token is missing')
}
