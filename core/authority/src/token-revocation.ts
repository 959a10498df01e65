import type { Keyring } from '@jotwarden/keyring'
import { type AccessClaims, accessKind, decide, defineProfile } from '@jotwarden/policy'
import { AuthorityError } from './errors.ts'
import { markedToken } from './marked-token.ts'
import type { MarkOwner, NewMark } from './marks.ts'
import { ownToken } from './own-token.ts'
import { NOTHING } from './recording.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { RevocationLog } from './revocation-log.ts'
import { sessionEnded } from './revoked.ts'
import type { SessionStore } from './session-store.ts'
import type { Settings } from './settings.ts'

export interface TokenRevocationParts {
  readonly settings: Settings
  readonly keyring: Keyring
  readonly sessions: SessionStore
  readonly revocation: RevocationLog
  readonly refreshTokens: RefreshTokens
}

/** What came of a token that was handed in to be taken back. */
export type RevocationOutcome = 'revoked' | 'nothing-to-revoke'

/** Takes one token back, whoever asks for it. */
export interface TokenRevocation {
  /**
   * A refresh token, of any authentic generation, ends its session; a JWT access token alone is refused from now on. What
   * is unknown, forged or over is `nothing-to-revoke` and revokes nobody. `client` null is an administrator.
   * Throws `oauth/invalid_grant` for another client's token and `oauth/unsupported_token_type` for an ID token.
   */
  revoke(token: string, client: string | null, now: number): Promise<RevocationOutcome>
  /** Refuses the access token with this `jti`, which somebody read in a log, for as long as it can be valid. */
  revokeId(jti: string, now: number): Promise<void>
}

export function createTokenRevocation(parts: TokenRevocationParts): TokenRevocation {
  const { issuer, revocationQuota: quota } = parts.settings
  // With the greatest skew that any verifier may allow: what one of them still accepts can still be taken back
  const profile = defineProfile({ kind: accessKind, issuer, audience: null, skew: 60 })

  async function revokeSession(text: string, client: string | null, now: number): Promise<RevocationOutcome> {
    const opened = await parts.refreshTokens.open(text).catch(nothingWhenRefused)
    if (opened === undefined) return 'nothing-to-revoke'
    const { session } = opened
    checkOwner(session.client, client)
    if (session.endedAt !== null) return 'nothing-to-revoke'
    const cause = client === null ? 'administrator' : 'revoked'
    await parts.sessions.end(issuer, { session: session.id }, cause, now, () =>
      sessionEnded(session, cause, now, quota),
    )
    return 'revoked'
  }

  async function revokeAccess(text: string, client: string | null, now: number): Promise<RevocationOutcome> {
    const verified = ownToken(text, parts.keyring)
    if (verified === undefined) return 'nothing-to-revoke'
    const decision = decide(verified, profile, now)
    if (!decision.allow) {
      if (decision.reason === 'wrong-typ') throw unsupported()
      return 'nothing-to-revoke'
    }
    const { claims } = decision
    checkOwner(claims.client_id, client)
    if ((await parts.revocation.refuses(issuer, markedToken(claims, verified))) !== null)
      return 'nothing-to-revoke'
    await parts.revocation.append(issuer, tokenRevoked(claims, client, now, quota))
    return 'revoked'
  }

  return {
    revoke: (token, client, now) =>
      token.startsWith('jwr_') ? revokeSession(token, client, now) : revokeAccess(token, client, now),
    async revokeId(jti, now) {
      const mark = {
        kind: 'token',
        id: jti,
        cause: 'administrator',
        at: now,
        expiresAt: null,
        owner: null,
      } as const
      const event = { type: 'token-revoked', at: now, token: jti, cause: 'administrator' } as const
      await parts.revocation.append(issuer, { events: [event], marks: [mark] })
    },
  }
}

/** Owned by its session, or by the client that has none; what an administrator takes back counts for nobody. */
function tokenRevoked(claims: AccessClaims, client: string | null, at: number, quota: number) {
  const { jti, sub, client_id, sid, exp } = claims
  const cause = client === null ? 'administrator' : 'revoked'
  const owner = client === null ? null : ownerOf(sid, client_id, quota)
  const mark: NewMark = { kind: 'token', id: jti, cause, at, expiresAt: exp, owner }
  const about = {
    token: jti,
    subject: sub,
    client: client_id,
    ...(sid === undefined ? {} : { session: sid }),
  }
  // A client may do so in a loop: counted by owner, as the marks are
  const aggregate = owner === null ? {} : { aggregate: owner.id }
  return {
    ...NOTHING,
    events: [{ type: 'token-revoked', at, cause, ...about, ...aggregate } as const],
    marks: [mark],
  }
}

function ownerOf(sid: string | undefined, client: string, quota: number): MarkOwner {
  return sid === undefined ? { kind: 'client', id: client, quota } : { kind: 'session', id: sid, quota }
}

function checkOwner(owner: string, client: string | null): void {
  if (client === null || owner === client) return
  throw new AuthorityError('oauth/invalid_grant', 'Cannot revoke the token: it was issued to another client')
}

function nothingWhenRefused(cause: unknown): undefined {
  if (cause instanceof AuthorityError && cause.code === 'oauth/invalid_grant') return undefined
  throw cause
}

function unsupported(): AuthorityError {
  return new AuthorityError(
    'oauth/unsupported_token_type',
    'Cannot revoke the token: only refresh tokens and access tokens can be taken back',
  )
}
