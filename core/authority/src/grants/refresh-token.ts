import type { Keyring } from '@jotwarden/keyring'
import type { AccountStore } from '../account-store.ts'
import type { Client } from '../client-store.ts'
import { AuthorityError } from '../errors.ts'
import type { Authorization, Grant, GrantContext } from '../grant.ts'
import { NOTHING, noted, type Recording } from '../recording.ts'
import type { RefreshTokens } from '../refresh-tokens.ts'
import { sessionEnded, together } from '../revoked.ts'
import type { RotationOutcome } from '../rotation.ts'
import type { Session, SessionStore } from '../session-store.ts'
import type { Settings } from '../settings.ts'
import { type Reach, stillGranted } from '../still-granted.ts'

export interface RefreshTokenGrantParts {
  readonly settings: Settings
  readonly sessions: SessionStore
  readonly accounts: AccountStore
  readonly keyring: Keyring
  readonly refreshTokens: RefreshTokens
}

/** Renews a session (RFC 6749 §6). What a generation is worth is decided last, by `SessionStore.rotate`. */
export function refreshTokenGrant(parts: RefreshTokenGrantParts): Grant<string> {
  return {
    type: 'refresh_token',
    clients: 'any',
    parse(form) {
      const token = form.one('refresh_token')
      if (token === undefined)
        throw new AuthorityError('oauth/invalid_request', 'Cannot refresh: refresh_token is missing')
      return token
    },
    async authorize(token, context) {
      const { session, generation } = await parts.refreshTokens.open(token)
      const { client } = context.client
      if (session.client !== client.id || session.endedAt !== null) throw refused()
      // Bound tokens need a proof of possession, which nothing here checks yet.
      if (session.confirmation !== null) throw refused()
      await checkPerson(session, parts.accounts)
      const reach = stillGranted(session, context, client, parts.settings.resources)
      return authorization(parts, context, { session, generation, reach })
    },
  }
}

function authorization(
  parts: RefreshTokenGrantParts,
  context: GrantContext,
  presented: { readonly session: Session; readonly generation: number; readonly reach: Reach },
): Authorization {
  const { session, generation, reach } = presented
  return {
    subject: session.subject,
    ...reach,
    person: { authTime: session.authTime, acr: session.acr, amr: session.amr },
    session: session.id,
    login: session.login,
    rev: session.rev,
    notAfter: session.absoluteExpiresAt,
    nonce: null,
    async commit(now) {
      const { issuer, graceWindow, sessionIdleLifetime, shadowLimit, endShadowed } = parts.settings
      const outcome = await parts.sessions.rotate(
        issuer,
        {
          session: session.id,
          generation,
          now,
          mode: rotates(context.client.client, session) ? 'rotate' : 'keep',
          graceWindow,
          idleLifetime: sessionIdleLifetime,
          macKid: parts.keyring.macKey().kid,
          network: context.network,
          shadowLimit,
          endShadowed,
        },
        (decided) => recordingOf(decided, context, parts.settings),
      )
      return { refreshToken: parts.refreshTokens.derive(successor(outcome)) }
    },
  }
}

/** Confidential clients authenticate at every refresh, bound tokens prove possession: both keep theirs (FAPI 2.0 §5.3.2.1-9). */
function rotates(client: Client, session: Session): boolean {
  return client.type === 'public' && session.confirmation === null
}

function successor(outcome: RotationOutcome): Session {
  if (outcome.outcome === 'rotated' || outcome.outcome === 'same' || outcome.outcome === 'repeated')
    return outcome.session
  if (outcome.outcome === 'shadowed' && !outcome.ended) return outcome.session
  throw refused()
}

function recordingOf(
  outcome: RotationOutcome,
  context: GrantContext,
  { revocationQuota }: Settings,
): Recording {
  if (outcome.outcome !== 'reused' && outcome.outcome !== 'ahead' && outcome.outcome !== 'shadowed')
    return NOTHING
  const about = {
    at: context.now,
    session: outcome.session.id,
    subject: outcome.session.subject,
    client: outcome.session.client,
    ...(context.network === null ? {} : { network: context.network }),
  }
  if (outcome.outcome === 'ahead')
    return noted({ type: 'refresh-ahead', aggregate: outcome.session.id, ...about })
  const reused = outcome.outcome === 'reused'
  const noticed = noted({ type: reused ? 'refresh-reused' : 'refresh-shadowed', ...about })
  if (outcome.session.endedAt === null) return noticed
  const cause = reused ? 'reuse' : 'shadowed'
  return together(noticed, sessionEnded(outcome.session, cause, context.now, revocationQuota, about))
}

/** A person who signed in must still be there; sessions started in code may name subjects the account store does not know. */
async function checkPerson(session: Session, accounts: AccountStore): Promise<void> {
  const account = await accounts.find(session.subject)
  if (account === undefined ? session.login !== null : account.disabled) throw refused()
}

function refused(): AuthorityError {
  return new AuthorityError(
    'oauth/invalid_grant',
    'Cannot accept the refresh token: it is unknown, expired, revoked, or belongs to another client',
  )
}
