import type { Keyring } from '@jotwarden/keyring'
import type { Clock, Random } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import { AuthenticatedClient } from './client-authentication.ts'
import type { ClientStore } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { GrantPipeline, TokenResponse } from './grant-pipeline.ts'
import type { LoginStore } from './login-store.ts'
import { isMarkable } from './marks.ts'
import type { NetworkHash } from './network.ts'
import { newSession } from './new-session.ts'
import type { OAuthForm } from './oauth-form.ts'
import { NOTHING, noted, type Recording } from './recording.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { checkResources } from './resources.ts'
import type { RevocationLog } from './revocation-log.ts'
import { loginEnded, selected, sessionEnded, together } from './revoked.ts'
import { checkScope } from './scope.ts'
import type { EndCause, Session, SessionSelector, SessionStore } from './session-store.ts'
import type { Settings } from './settings.ts'

/** What an application that signs people in by its own means says of one of them. */
export interface SessionStart {
  readonly subject: string
  /** A registered client's id. */
  readonly client: string
  /** All of the client's scopes unless given. */
  readonly scope?: readonly string[]
  readonly resources?: readonly string[]
  /** When the person proved themselves (seconds since the epoch) and how; left out of the tokens unless given. */
  readonly authTime?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  /** The caller's address, as text. */
  readonly network?: string
}

export interface SessionRefresh {
  readonly refreshToken: string
  readonly client: string
  readonly scope?: readonly string[]
  readonly resources?: readonly string[]
  readonly network?: string
}

/** Sessions in code, without HTTP; the same pipeline and the same rules as the endpoints. */
export interface Sessions {
  /** Starts a session. Throws `authority/client-unknown`, `authority/subject`, `oauth/invalid_scope`, `oauth/invalid_target`. */
  start(request: SessionStart): Promise<TokenResponse & { readonly session: string }>
  /** Refreshes one. Throws `oauth/invalid_grant` and what narrowing throws. */
  refresh(request: SessionRefresh): Promise<TokenResponse>
  /**
   * Ends every live session the selector names and says how many; `administrator` is the cause unless given. What was
   * issued to them is refused from then on. A session that is unknown ends nothing. Throws `authority/selector`.
   */
  end(selector: SessionSelector, cause?: EndCause): Promise<number>
  /** Live sessions, newest first. Throws `authority/selector`. */
  list(of: { readonly subject: string } | { readonly client: string }): Promise<readonly SessionSummary[]>
}

/** A session as people may see it: nothing a token could be derived from. */
export interface SessionSummary {
  readonly id: string
  readonly client: string
  readonly subject: string
  readonly scope: readonly string[]
  /** Seconds since the epoch. */
  readonly createdAt: number
  readonly refreshedAt: number | null
  readonly expiresAt: number
}

export interface SessionsParts {
  readonly settings: Settings
  readonly clients: ClientStore
  readonly sessions: SessionStore
  readonly logins: LoginStore
  readonly revocation: RevocationLog
  readonly accounts: AccountStore
  readonly keyring: Keyring
  readonly clock: Clock
  readonly random: Random
  readonly network: NetworkHash
  readonly refreshTokens: RefreshTokens
  readonly pipeline: GrantPipeline
}

export function createSessions(parts: SessionsParts): Sessions {
  const { issuer } = parts.settings
  const { sessions, pipeline, clock } = parts
  const quota = parts.settings.revocationQuota

  /** The person behind a session or a login. */
  async function ownerOf(selector: SessionSelector): Promise<string | undefined> {
    if ('session' in selector) return (await sessions.find(issuer, selector.session))?.subject
    return 'login' in selector ? (await parts.logins.get(issuer, selector.login))?.subject : undefined
  }

  /** A login that nobody knows of, neither its row nor a session under it, leaves nothing. */
  function aimedAt(
    selector: SessionSelector,
    owner: string | undefined,
    cause: EndCause,
    now: number,
  ): Recording {
    if ('subject' in selector || 'client' in selector) return selected(selector, cause, now)
    if (owner === undefined) return NOTHING
    if ('login' in selector) return loginEnded({ id: selector.login, subject: owner }, cause, now, quota)
    return noEvent(sessionEnded({ id: selector.session, subject: owner, client: '' }, cause, now, quota))
  }

  const lastMarkOn = ({ subject, client }: Session) => parts.revocation.lastMark(issuer, { subject, client })
  return {
    async start(request) {
      const now = clock.now()
      const rev = await pipeline.readHead(now)
      const client = await knownClient(parts.clients, issuer, request.client)
      if (!isMarkable(request.subject)) {
        throw new AuthorityError(
          'authority/subject',
          'Cannot start the session: the subject is empty, longer than 255 characters or no Unicode text',
        )
      }
      await checkSubject(parts, request.subject)
      const scope = checkScope(request.scope ?? client.client.scopes, client.client.scopes)
      const resources = checkResources(parts.settings.resources, scope, request.resources ?? [])
      const person = { authTime: request.authTime ?? null, acr: request.acr ?? null, amr: request.amr ?? [] }
      const grant = {
        login: null,
        client: request.client,
        subject: request.subject,
        scope,
        resources,
        ...person,
        rev,
        device: null,
        network: parts.network(request.network),
      }
      const session = newSession(grant, { ...parts, macKid: parts.keyring.macKey().kid, now })
      const commit = async () => {
        const about = { session: session.id, subject: session.subject, client: session.client }
        const event = { type: 'session-started', at: now, ...about } as const
        if ((await sessions.start(issuer, session, [event])) !== 'started') throw revokedMeanwhile()
        const mayRefresh = client.client.grantTypes.includes('refresh_token')
        return { refreshToken: mayRefresh ? parts.refreshTokens.derive(session) : null }
      }
      const { subject, id, absoluteExpiresAt } = session
      const authorization = {
        subject,
        scope,
        resources,
        person,
        session: id,
        login: null,
        rev,
        notAfter: absoluteExpiresAt,
        nonce: null,
        commit,
      }
      return { ...(await pipeline.finish(authorization, client, now)), session: id }
    },
    async refresh(request) {
      const client = await knownClient(parts.clients, issuer, request.client)
      return pipeline.runInProcess(refreshForm(request), client, request.network)
    },
    async end(selector, cause = 'administrator') {
      checkSelector(selector)
      const now = clock.now()
      const owner = await ownerOf(selector)
      if ('session' in selector && owner === undefined) return 0
      const ended = await sessions.end(issuer, selector, cause, now, (rows) =>
        together(
          noted(...rows.map((row) => endedEvent(row, cause, now))),
          aimedAt(selector, owner ?? rows[0]?.subject, cause, now),
        ),
      )
      return ended.length
    },
    async list(of) {
      checkSelector(of)
      const rows = await sessions.list(issuer, of, clock.now())
      const standing = await Promise.all(rows.map(async (row) => row.rev >= (await lastMarkOn(row))))
      return rows.filter((_, index) => standing[index]).map(summary)
    },
  }
}

/** The mark alone: whether there was a live session to tell of is known only inside the act. */
function noEvent({ marks }: Recording): Recording {
  return { events: [], marks }
}

/** A caller without types may hand in nothing, and nothing must never mean everybody. */
function checkSelector(selector: SessionSelector): void {
  const named = Object.entries(selector ?? {})
  const [only] = named
  const known = only !== undefined && SELECTORS.has(only[0]) && isMarkable(only[1])
  if (named.length === 1 && known) return
  throw new AuthorityError(
    'authority/selector',
    'Cannot choose sessions: name exactly one session, login, subject or client',
  )
}

function revokedMeanwhile(): AuthorityError {
  return new AuthorityError(
    'authority/subject',
    'Cannot start the session: its subject or client was revoked meanwhile',
  )
}

/** RFC 9700 §4.15 keeps people and clients apart; an account that may not sign in gets no session in code either. */
async function checkSubject({ clients, accounts, settings }: SessionsParts, subject: string): Promise<void> {
  const isClient = (await clients.find(settings.issuer, subject)) !== undefined
  if (isClient || (await accounts.find(subject))?.disabled) {
    throw new AuthorityError(
      'authority/subject',
      'Cannot start the session: the subject is a client or a disabled account',
    )
  }
}

async function knownClient(clients: ClientStore, issuer: string, id: string): Promise<AuthenticatedClient> {
  const client = await clients.find(issuer, id)
  if (client === undefined)
    throw new AuthorityError('authority/client-unknown', 'Cannot find the client: no client has this id')
  return AuthenticatedClient.inProcess(client)
}

function refreshForm(request: SessionRefresh): OAuthForm {
  const values = new Map([
    ['grant_type', 'refresh_token'],
    ['refresh_token', request.refreshToken],
    ...(request.scope === undefined || request.scope.length === 0
      ? []
      : [['scope', request.scope.join(' ')] as const]),
  ])
  return {
    one: (name) => values.get(name),
    many: (name) => (name === 'resource' ? (request.resources ?? []) : []),
  }
}

function endedEvent(row: Session, cause: EndCause, at: number) {
  return {
    type: 'session-ended',
    at,
    session: row.id,
    subject: row.subject,
    client: row.client,
    cause,
  } as const
}

function summary(row: Session): SessionSummary {
  const { id, client, subject, scope, createdAt, rotatedAt, absoluteExpiresAt, idleExpiresAt } = row
  return {
    id,
    client,
    subject,
    scope,
    createdAt,
    refreshedAt: rotatedAt,
    expiresAt: Math.min(absoluteExpiresAt, idleExpiresAt),
  }
}

const SELECTORS: ReadonlySet<string> = new Set(['session', 'login', 'subject', 'client'])
