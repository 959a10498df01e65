import type { Keyring } from '@jotwarden/keyring'
import { type AccessClaims, accessKind, decide, defineProfile } from '@jotwarden/policy'
import type { JsonObject } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import { type ClaimsHook, hookClaims } from './claims-hook.ts'
import type { Client, ClientStore } from './client-store.ts'
import { markedToken } from './marked-token.ts'
import { ownToken } from './own-token.ts'
import type { RevocationLog } from './revocation-log.ts'
import { isLive, type Session, type SessionStore } from './session-store.ts'
import type { Settings } from './settings.ts'

export interface IntrospectionParts {
  readonly settings: Settings
  readonly keyring: Keyring
  readonly clients: ClientStore
  readonly sessions: SessionStore
  readonly accounts: AccountStore
  readonly revocation: RevocationLog
  readonly claims: ClaimsHook | undefined
}

/** What is true of an access token at this moment (RFC 7662 §2.2), for the resource server that it names as its audience. */
export type Introspection = (token: string, resource: string, now: number) => Promise<JsonObject>

/**
 * Says what is true now and not when the token was issued: scope and claims of the host application are as they would be
 * issued today. Whatever is wrong, also that the token is for somebody else, is the one answer `{"active":false}`.
 */
export function createIntrospection(parts: IntrospectionParts): Introspection {
  const { issuer } = parts.settings
  return async (token, resource, now) => {
    const verified = ownToken(token, parts.keyring)
    if (verified === undefined) return INACTIVE
    const decision = decide(verified, defineProfile({ kind: accessKind, issuer, audience: resource }), now)
    if (!decision.allow) return INACTIVE
    const { claims } = decision
    if ((await parts.revocation.refuses(issuer, markedToken(claims, verified))) !== null) return INACTIVE
    const client = await parts.clients.find(issuer, claims.client_id)
    if (client === undefined || !(await stillStands(claims, parts, now))) return INACTIVE
    return active(claims, client, parts)
  }
}

async function stillStands(claims: AccessClaims, parts: IntrospectionParts, now: number): Promise<boolean> {
  if (claims.sid === undefined) return true
  const session = await parts.sessions.find(parts.settings.issuer, claims.sid)
  if (session === undefined || !isLive(session, now)) return false
  return mayStillSignIn(session, parts.accounts)
}

/** Sessions started in code may name subjects that the account store does not know. */
async function mayStillSignIn(session: Session, accounts: AccountStore): Promise<boolean> {
  const account = await accounts.find(session.subject)
  return account === undefined ? session.login === null : !account.disabled
}

async function active(claims: AccessClaims, client: Client, parts: IntrospectionParts): Promise<JsonObject> {
  const { resources } = parts.settings
  const scope = (claims.scope ?? '')
    .split(' ')
    .filter((name) => client.scopes.includes(name) && resources.scopes.has(name))
  const { scope: _, ...held } = issuedClaims(claims, parts.claims)
  const current = await hookClaims(parts.claims, {
    place: 'access',
    subject: claims.sub,
    client: claims.client_id,
    scope,
    audience: [claims.aud].flat(),
    session: claims.sid ?? null,
  })
  return {
    ...current,
    ...held,
    active: true,
    token_type: 'Bearer',
    ...(scope.length > 0 ? { scope: scope.join(' ') } : {}),
  }
}

/** The token's claims without those of the hook, which are asked for anew: one that is gone must not come back. */
function issuedClaims(claims: AccessClaims, hook: ClaimsHook | undefined): JsonObject {
  const own = Object.entries(claims).filter(([name]) => !Object.hasOwn(hook?.declared ?? {}, name))
  return Object.fromEntries(own)
}

const INACTIVE: JsonObject = Object.freeze({ active: false })
