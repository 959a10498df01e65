import type { Keyring } from '@jotwarden/keyring'
import type { Random } from '@jotwarden/token'
import type { AccountStore } from '../account-store.ts'
import type { Code, CodeStore, RedeemOutcome } from '../code-store.ts'
import { AuthorityError } from '../errors.ts'
import type { Grant, GrantContext } from '../grant.ts'
import { newSession } from '../new-session.ts'
import { checkVerifier } from '../pkce.ts'
import { NOTHING, noted, type Recording } from '../recording.ts'
import type { RefreshTokens } from '../refresh-tokens.ts'
import { sessionEnded, together } from '../revoked.ts'
import type { Session } from '../session-store.ts'
import type { Settings } from '../settings.ts'
import { sha256 } from '../sha256.ts'
import { stillGranted } from '../still-granted.ts'

export interface AuthorizationCodeGrantParts {
  readonly settings: Settings
  readonly codes: CodeStore
  readonly accounts: AccountStore
  readonly keyring: Keyring
  readonly random: Random
  readonly refreshTokens: RefreshTokens
}

interface CodeInput {
  readonly code: string
  readonly redirectUri: string | undefined
  readonly verifier: string | undefined
}

/** Redeems a code (RFC 6749 §4.1.3). Everything is checked before the one act that uses it and makes its session. */
export function authorizationCodeGrant(parts: AuthorizationCodeGrantParts): Grant<CodeInput> {
  return {
    type: 'authorization_code',
    clients: 'any',
    parse(form) {
      const code = form.one('code')
      if (code === undefined)
        throw new AuthorityError('oauth/invalid_request', 'Cannot redeem the code: code is missing')
      return { code, redirectUri: form.one('redirect_uri'), verifier: form.one('code_verifier') }
    },
    async authorize(input, context) {
      const code = await parts.codes.find(parts.settings.issuer, sha256(input.code))
      const { client } = context.client
      if (code === undefined || code.client !== client.id) throw refused()
      // OAuth 2.1 §10.2: no longer required, but enforced when a client sends it.
      if (input.redirectUri !== undefined && input.redirectUri !== code.redirectUri) throw refused()
      checkVerifier(input.verifier, code.codeChallenge)
      if (code.session === null && context.now >= code.expiresAt) throw refused()
      const account = await parts.accounts.find(code.subject)
      if (account === undefined || account.disabled) throw refused()

      const session = sessionOf(code, parts, context)
      return {
        subject: code.subject,
        ...stillGranted(code, { scope: [], resources: context.resources }, client, parts.settings.resources),
        person: { authTime: code.authTime, acr: code.acr, amr: code.amr },
        session: session.id,
        login: session.login,
        rev: session.rev,
        notAfter: session.absoluteExpiresAt,
        nonce: code.nonce,
        async commit(now) {
          const record = (outcome: RedeemOutcome) =>
            recordingOf(outcome, code, session, context, parts.settings)
          const redeemed = await parts.codes.redeem(parts.settings.issuer, code.hash, session, now, record)
          if (redeemed.outcome !== 'redeemed') throw refused()
          const mayRefresh = client.grantTypes.includes('refresh_token')
          return { refreshToken: mayRefresh ? parts.refreshTokens.derive(session) : null }
        },
      }
    },
  }
}

function sessionOf(code: Code, parts: AuthorizationCodeGrantParts, context: GrantContext): Session {
  const { login, client, subject, scope, resources, authTime, acr, amr, rev, device } = code
  const grant = {
    login,
    client,
    subject,
    scope,
    resources,
    authTime,
    acr,
    amr,
    rev,
    device,
    network: context.network,
  }
  return newSession(grant, { ...parts, macKid: parts.keyring.macKey().kid, now: context.now })
}

function recordingOf(
  outcome: RedeemOutcome,
  code: Code,
  session: Session,
  context: GrantContext,
  { revocationQuota }: Settings,
): Recording {
  const about = {
    at: context.now,
    subject: code.subject,
    client: code.client,
    login: code.login,
    ...(context.network === null ? {} : { network: context.network }),
  }
  if (outcome.outcome === 'redeemed') return noted({ type: 'session-started', session: session.id, ...about })
  if (outcome.outcome !== 'replayed') return NOTHING
  const first = { id: outcome.session, subject: code.subject, client: code.client }
  return together(
    noted({ type: 'code-replayed', session: outcome.session, ...about }),
    sessionEnded(first, 'code-replayed', context.now, revocationQuota, about),
  )
}

function refused(): AuthorityError {
  return new AuthorityError(
    'oauth/invalid_grant',
    'Cannot redeem the code: it is unknown, expired, used, or belongs to another client',
  )
}
