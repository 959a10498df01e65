import * as openid from 'openid-client'
import type { PendingSignIn, Tokens } from './sessions.ts'

/** How the app is known to its authority. */
export interface Registration {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

/** Who signed in, with their tokens. */
export interface SignedIn {
  readonly subject: string
  readonly name: string
  readonly tokens: Tokens
}

/** The app's side of OpenID Connect. */
export interface AuthorityClient {
  /** Where to send the browser, and what to remember until it comes back. */
  begin(): Promise<{ readonly location: string; readonly pending: PendingSignIn }>
  /** Swaps the code for tokens: checks `iss`, `state`, `nonce`, and proves PKCE (RFC 7636). Throws when anything is off. */
  finish(returned: URL, pending: PendingSignIn): Promise<SignedIn>
  /** Throws when the authority refuses or does not answer; `isOver` tells the two apart. */
  refresh(refreshToken: string): Promise<Tokens>
  isOver(error: unknown): boolean
  /** Ends the session at the authority (RFC 7009), so that nothing is left of it anywhere. */
  revoke(refreshToken: string): Promise<void>
}

/** Makes the client. The authority's metadata is fetched on first use. */
export function createAuthorityClient(registration: Registration): AuthorityClient {
  let discovered: Promise<openid.Configuration> | undefined
  const configuration = () => {
    discovered ??= discover(registration).catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }
  return {
    begin: async () => begin(await configuration(), registration.redirectUri),
    finish: async (returned, pending) => finish(await configuration(), returned, pending),
    isOver: (error) => error instanceof openid.ResponseBodyError && error.error === 'invalid_grant',
    revoke: async (refreshToken) => openid.tokenRevocation(await configuration(), refreshToken),
    refresh: async (refreshToken) =>
      tokensOf(await openid.refreshTokenGrant(await configuration(), refreshToken), refreshToken),
  }
}

function discover({ issuer, clientId, clientSecret }: Registration): Promise<openid.Configuration> {
  const url = new URL(issuer)
  // Plain http is for an authority on this machine alone.
  const isLoopback = url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  const execute = isLoopback ? [openid.allowInsecureRequests] : []
  return openid.discovery(url, clientId, undefined, openid.ClientSecretBasic(clientSecret), { execute })
}

async function begin(
  configuration: openid.Configuration,
  redirectUri: string,
): ReturnType<AuthorityClient['begin']> {
  const pending = {
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    codeVerifier: openid.randomPKCECodeVerifier(),
  }
  const location = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access orders:read',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pending.codeVerifier),
    code_challenge_method: 'S256',
  })
  return { location: location.href, pending }
}

async function finish(
  configuration: openid.Configuration,
  returned: URL,
  pending: PendingSignIn,
): Promise<SignedIn> {
  const answer = await openid.authorizationCodeGrant(configuration, returned, {
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    pkceCodeVerifier: pending.codeVerifier,
    idTokenExpected: true,
  })
  const subject = answer.claims()?.sub
  if (subject === undefined) throw new Error('Cannot sign in: the answer has no ID token')
  const person = await openid.fetchUserInfo(configuration, answer.access_token, subject)
  return {
    subject,
    name: person.name ?? person.preferred_username ?? subject,
    tokens: tokensOf(answer, undefined),
  }
}

function tokensOf(answer: openid.TokenEndpointResponse, earlier: string | undefined): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? earlier,
    scope: answer.scope ?? '',
    expiresAt: Date.now() + (answer.expires_in ?? 0) * 1000,
  }
}
