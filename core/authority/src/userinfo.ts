import type { Keyring } from '@jotwarden/keyring'
import { accessKind, decide, defineProfile } from '@jotwarden/policy'
import type { Clock, JsonObject } from '@jotwarden/token'
import type { Account, AccountStore } from './account-store.ts'
import { type ClaimsHook, hookClaims } from './claims-hook.ts'
import { AuthorityError } from './errors.ts'
import { markedToken } from './marked-token.ts'
import { ownToken } from './own-token.ts'
import type { RevocationLog } from './revocation-log.ts'
import { isLive, type SessionStore } from './session-store.ts'
import type { Settings } from './settings.ts'

export interface UserinfoParts {
  readonly settings: Settings
  readonly sessions: SessionStore
  readonly revocation: RevocationLog
  readonly accounts: AccountStore
  readonly keyring: Keyring
  readonly clock: Clock
  readonly claims: ClaimsHook | undefined
}

/**
 * Answers the userinfo endpoint (OpenID Connect Core §5.3): the claims that the token's scope reaches, from the account as
 * it is now. Throws `oauth/invalid_token` or `oauth/insufficient_scope`.
 */
export function createUserinfo(parts: UserinfoParts): (accessToken: string) => Promise<JsonObject> {
  const { issuer } = parts.settings
  const profile = defineProfile({ kind: accessKind, issuer, audience: issuer })
  return async (accessToken) => {
    const now = parts.clock.now()
    const token = ownToken(accessToken, parts.keyring)
    if (token === undefined) throw invalidToken()
    const decision = decide(token, profile, now)
    if (!decision.allow) throw invalidToken()
    if ((await parts.revocation.refuses(issuer, markedToken(decision.claims, token))) !== null)
      throw invalidToken()
    const { sub, client_id, sid } = decision.claims
    const scope = (decision.claims.scope ?? '').split(' ')
    if (!scope.includes('openid')) {
      throw new AuthorityError('oauth/insufficient_scope', 'Cannot answer: the token lacks the scope openid')
    }
    const session = sid === undefined ? undefined : await parts.sessions.find(issuer, sid)
    if (session === undefined || !isLive(session, now)) throw invalidToken()
    const account = await parts.accounts.find(sub)
    if (account === undefined || account.disabled) throw invalidToken()
    const context = {
      place: 'userinfo',
      subject: sub,
      client: client_id,
      scope,
      audience: [issuer],
      session: session.id,
    } as const
    return { ...(await hookClaims(parts.claims, context)), ...accountClaims(account, scope) }
  }
}

function accountClaims(account: Account, scope: readonly string[]): JsonObject {
  const profile = scope.includes('profile')
  const email = scope.includes('email') && account.email !== null
  return {
    sub: account.subject,
    ...(profile ? { preferred_username: account.username } : {}),
    ...(profile && account.name !== null ? { name: account.name } : {}),
    ...(email ? { email: account.email, email_verified: account.emailVerified } : {}),
  }
}

function invalidToken(): AuthorityError {
  return new AuthorityError(
    'oauth/invalid_token',
    'Cannot accept the token: it is invalid, expired or revoked',
  )
}
