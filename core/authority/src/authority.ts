import type { Keyring } from '@jotwarden/keyring'
import type { Clock, JsonObject, Random } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import { type AuthorizationFlow, createAuthorizationFlow } from './authorization.ts'
import { type ClaimsHook, defineClaims } from './claims-hook.ts'
import { type ClientAdministration, createClientAdministration } from './clients.ts'
import { createExpiryCover } from './expiry-cover.ts'
import { createGrantPipeline, type TokenRequest, type TokenResponse } from './grant-pipeline.ts'
import { authorizationCodeGrant } from './grants/authorization-code.ts'
import { clientCredentialsGrant } from './grants/client-credentials.ts'
import { refreshTokenGrant } from './grants/refresh-token.ts'
import { createGuesses } from './guesses.ts'
import { createIntrospection } from './introspection.ts'
import { createLogout, type Logout } from './logout.ts'
import { createMemoryRateLimiter } from './memory-rate-limiter.ts'
import { createNetworkHash } from './network.ts'
import { createOwnSessions, type OwnSessions } from './own-sessions.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { createRefreshTokens } from './refresh-tokens.ts'
import { createRevocation, type Revocation } from './revocation.ts'
import { createSecretUses } from './secret-uses.ts'
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
  /** Every scope there is, the authority's own first. */
  scopesSupported(): readonly string[]
}

export type AuthorizationEndpoint = Pick<AuthorizationFlow, 'begin' | 'beginOwnPage' | 'resume' | 'consent'> &
  SignIn

/** Makes an authority and opens its keyring, which on a first start makes the keys. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const { settings, stores, keyring, accounts, clock, random } = options
  const claims = options.claims === undefined ? undefined : defineClaims(options.claims)
  const { issuer, resources, accessTokenLifetime } = settings
  await keyring.open()

  const network = createNetworkHash(issuer, keyring)
  const refreshTokens = createRefreshTokens(issuer, keyring, stores.sessions)
  const { clients, events, codes, sessions, revocation } = stores
  const cover = createExpiryCover(issuer, revocation)
  const limiter = options.limiter ?? createMemoryRateLimiter()
  const guesses = createGuesses({ issuer, limiter, events, keyring, network, clock })
  const uses = createSecretUses(issuer, clients)
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
  const parts = { settings, stores, accounts, keyring, clock, random, network, guesses }
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
    clients: createClientAdministration({ settings, clients, clock, random }),
    scopesSupported: () => [...resources.scopes.keys()],
  }
}
