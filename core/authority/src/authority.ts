import type { Keyring } from '@jotwarden/keyring'
import type { Clock, JsonObject, Random } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import { type AuthorizationFlow, createAuthorizationFlow } from './authorization.ts'
import { type ClaimsHook, defineClaims } from './claims-hook.ts'
import { type ClientAdministration, createClientAdministration } from './clients.ts'
import { AuthorityError } from './errors.ts'
import { createExpiryCover, type ExpiryCover } from './expiry-cover.ts'
import { createFamiliarNetwork } from './familiar-network.ts'
import { createGrantPipeline, type TokenRequest, type TokenResponse } from './grant-pipeline.ts'
import { authorizationCodeGrant } from './grants/authorization-code.ts'
import { clientCredentialsGrant } from './grants/client-credentials.ts'
import { refreshTokenGrant } from './grants/refresh-token.ts'
import { createGuesses, type Guesses } from './guesses.ts'
import { createIntrospection } from './introspection.ts'
import { createLogout, type Logout } from './logout.ts'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'
import { createNetworkHash, type NetworkHash } from './network.ts'
import { createNotices, type Notices } from './notice.ts'
import { createOwnSessions, type OwnSessions } from './own-sessions.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { createRefreshTokens, type RefreshTokens } from './refresh-tokens.ts'
import { createRevocation, type Revocation } from './revocation.ts'
import { createSecretUses, type SecretUses } from './secret-uses.ts'
import { createSessions, type Sessions } from './sessions.ts'
import type { Settings } from './settings.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import type { Stores } from './stores.ts'
import { createTokenRevocation } from './token-revocation.ts'
import { createUserinfo } from './userinfo.ts'

/** What an authority is made of. */
export interface AuthorityOptions {
  readonly settings: Settings
  readonly stores: Stores
  readonly keyring: Keyring
  /** `createLocalAccounts(…)`, or the people the host application already has. */
  readonly accounts: AccountStore
  readonly clock: Clock
  readonly random: Random
  /** Claims of the host application's own. */
  readonly claims?: ClaimsHook
  /** Counts guesses; in this process unless given. */
  readonly limiter?: RateLimiter
}

/** A token authority without HTTP: everything the endpoints do, callable in code. */
export interface Authority {
  readonly settings: Settings
  readonly keyring: Keyring
  /** The token endpoint (RFC 6749 §3.2). Throws `oauth/*`. */
  token(request: TokenRequest): Promise<TokenResponse>
  /** The authorization endpoint and its pages. */
  readonly authorization: AuthorizationEndpoint
  /** The userinfo endpoint. Throws `oauth/invalid_token`, `oauth/insufficient_scope`. */
  userinfo(accessToken: string): Promise<JsonObject>
  /** Taking back what was issued, and the log that tells of it. */
  readonly revocation: Revocation
  /** The end session endpoint (OpenID Connect RP-Initiated Logout). */
  readonly logout: Logout
  readonly sessions: Sessions
  /** Where people see and end their own sign-ins. */
  readonly ownSessions: OwnSessions
  readonly clients: ClientAdministration
  readonly notices: Notices
  /** Every scope there is, the authority's own first. */
  scopesSupported(): readonly string[]
  /**
   * The same authority under other settings: it has the same stores and keys, and goes on with what this one counted, so
   * that either may answer. Throws `authority/settings` when they are those of another issuer.
   */
  withSettings(settings: Settings): Authority
}

export type AuthorizationEndpoint = Pick<AuthorizationFlow, 'begin' | 'beginOwnPage' | 'resume' | 'consent'> &
  SignIn

/** Makes an authority and opens its keyring, which on a first start makes the keys. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const { settings, stores, keyring, clock } = options
  const { issuer } = settings
  const claims = options.claims === undefined ? undefined : defineClaims(options.claims)
  await keyring.open()

  const network = createNetworkHash(issuer, keyring)
  const limiter = options.limiter ?? createMemoryRateLimiter()
  return assemble(settings, {
    ...options,
    claims,
    network,
    refreshTokens: createRefreshTokens(issuer, keyring, stores.sessions),
    cover: createExpiryCover(issuer, stores.revocation),
    uses: createSecretUses(issuer, stores.clients),
    guesses: createGuesses({ issuer, limiter, events: stores.events, keyring, network, clock }),
  })
}

/** What does not follow from the settings, and goes on when they change. */
interface Kept extends Omit<AuthorityOptions, 'settings' | 'claims' | 'limiter'> {
  readonly claims: ClaimsHook | undefined
  readonly network: NetworkHash
  readonly refreshTokens: RefreshTokens
  readonly cover: ExpiryCover
  readonly guesses: Guesses
  readonly uses: SecretUses
}

function assemble(settings: Settings, kept: Kept): Authority {
  const { stores, keyring, accounts, clock, random, claims, network, refreshTokens, cover, guesses, uses } =
    kept
  const { issuer, resources, accessTokenLifetime } = settings
  const { clients, codes, sessions, revocation } = stores
  const pipeline = createGrantPipeline({
    settings,
    keyring,
    random,
    claims,
    clients,
    guesses,
    uses,
    network,
    revocation,
    cover,
    now: () => clock.now(),
    grants: [
      authorizationCodeGrant({ settings, codes, accounts, keyring, random, refreshTokens }),
      refreshTokenGrant({ settings, sessions, accounts, keyring, refreshTokens }),
      clientCredentialsGrant({ resources, lifetime: accessTokenLifetime }),
    ],
  })
  const isFamiliar = createFamiliarNetwork({ issuer, keyring, events: stores.events, clock })
  const parts = { settings, stores, accounts, keyring, clock, random, network, guesses, isFamiliar }
  const flow = createAuthorizationFlow(parts)
  const { begin, beginOwnPage, resume, consent } = flow
  const sessionsInCode = createSessions({
    settings,
    clients,
    sessions,
    logins: stores.logins,
    revocation,
    accounts,
    keyring,
    clock,
    random,
    network,
    refreshTokens,
    pipeline,
  })
  return {
    settings,
    keyring,
    token: pipeline.run,
    authorization: { begin, beginOwnPage, resume, consent, ...createSignIn(parts, flow) },
    userinfo: createUserinfo({ settings, sessions, revocation, accounts, keyring, clock, claims }),
    revocation: createRevocation({
      settings,
      clients,
      guesses,
      uses,
      log: revocation,
      clock,
      tokens: createTokenRevocation({ settings, keyring, sessions, revocation, refreshTokens }),
      introspection: createIntrospection({
        settings,
        keyring,
        clients,
        sessions,
        accounts,
        revocation,
        claims,
      }),
    }),
    logout: createLogout({ settings, stores, keyring, clock }),
    sessions: sessionsInCode,
    ownSessions: createOwnSessions({ ...parts, sessions: sessionsInCode }),
    clients: createClientAdministration({ settings, clients, accounts, clock, random }),
    notices: createNotices({ issuer, events: stores.events, clients }),
    scopesSupported: () => [...resources.scopes.keys()],
    withSettings(next) {
      if (next.issuer === issuer) return assemble(next, kept)
      throw new AuthorityError(
        'authority/settings',
        'Cannot take the settings: they are those of another issuer',
      )
    },
  }
}
