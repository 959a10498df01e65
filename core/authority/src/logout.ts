import type { Keyring } from '@jotwarden/keyring'
import type { Clock } from '@jotwarden/token'
import type { Browser } from './authorization-step.ts'
import { CLIENT_ID } from './client-authentication.ts'
import type { Client } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import { type HintedClaims, hintedClaims } from './id-token-hint.ts'
import type { Login } from './login-store.ts'
import type { OAuthForm } from './oauth-form.ts'
import { loginEnded, sessionEnded } from './revoked.ts'
import type { Settings } from './settings.ts'
import { sha256 } from './sha256.ts'
import type { Stores } from './stores.ts'

/** What the person sees next (OpenID Connect RP-Initiated Logout §2). */
export type LogoutStep =
  | {
      /** Asks whether to sign out; `fields` come back with the answer, and are checked again. */
      readonly step: 'confirm'
      readonly client: { readonly id: string; readonly name: string } | undefined
      readonly fields: { readonly [name: string]: string }
    }
  | {
      readonly step: 'signed-out'
      /** Where the browser goes next, if the client registered it. */
      readonly location: string | undefined
      /** Whether a login of this browser ended. */
      readonly ended: boolean
    }

/** Signs a person out of this authority, and so out of every application that they entered with this login. */
export interface Logout {
  /**
   * Ends the browser's login at once when the ID token is one of it; else asks. In a browser without a login the session
   * of the ID token ends. A request that cannot be followed changes nothing. Throws `authority/redirect-uri`, `authority/client-unknown`, `oauth/invalid_request`.
   */
  begin(form: OAuthForm, browser: Browser): Promise<LogoutStep>
  /** The person said yes. Throws what `begin` throws. */
  confirm(form: OAuthForm, browser: Browser): Promise<LogoutStep>
}

export interface LogoutParts {
  readonly settings: Settings
  readonly stores: Stores
  readonly keyring: Keyring
  readonly clock: Clock
}

export function createLogout(parts: LogoutParts): Logout {
  const { stores, clock } = parts
  const { issuer, revocationQuota } = parts.settings

  async function begin(form: OAuthForm, browser: Browser): Promise<LogoutStep> {
    const request = await readRequest(form, parts)
    const login = await liveLogin(browser)
    if (login === undefined) return endHinted(request)
    if (!(await speaksOf(request.hint, login))) return confirmation(form, request.client)
    return signOut(login, request)
  }

  async function confirm(form: OAuthForm, browser: Browser): Promise<LogoutStep> {
    const request = await readRequest(form, parts)
    return signOut(await liveLogin(browser), request)
  }

  async function signOut(login: Login | undefined, request: LogoutRequest): Promise<LogoutStep> {
    if (login !== undefined) {
      // The cookie's own last: until then the same request can be made again
      for (const id of [...login.earlier, login.id]) await endLogin(id, login.subject)
      if (request.hint?.sub === login.subject) await endHinted(request)
    }
    return { step: 'signed-out', location: request.location, ended: login !== undefined }
  }

  async function endLogin(id: string, subject: string): Promise<void> {
    const now = clock.now()
    await stores.logins.end(issuer, id, now, () =>
      loginEnded({ id, subject }, 'logout', now, revocationQuota),
    )
  }

  /** The session of the ID token ends, also when this browser has no login or another one: whose token it is may ask. */
  async function endHinted(request: LogoutRequest): Promise<LogoutStep> {
    const { hint, location } = request
    const session = hint?.sid === undefined ? undefined : await stores.sessions.find(issuer, hint.sid)
    const isTheirs = session?.client === hint?.aud && session?.subject === hint?.sub
    if (session !== undefined && isTheirs && session.endedAt === null) {
      const now = clock.now()
      await stores.sessions.end(issuer, { session: session.id }, 'logout', now, () =>
        sessionEnded(session, 'logout', now, revocationQuota),
      )
    }
    return { step: 'signed-out', location, ended: false }
  }

  /** Whether the ID token was issued under this login, so that its client may speak for the person. */
  async function speaksOf(hint: HintedClaims | undefined, login: Login): Promise<boolean> {
    if (hint?.sid === undefined || hint.sub !== login.subject) return false
    const session = await stores.sessions.find(issuer, hint.sid)
    return session?.login === login.id
  }

  async function liveLogin(browser: Browser): Promise<Login | undefined> {
    if (browser.login === undefined) return undefined
    const login = await stores.logins.find(issuer, sha256(browser.login))
    return login === undefined || login.endedAt !== null ? undefined : login
  }

  return { begin, confirm }
}

interface LogoutRequest {
  readonly hint: HintedClaims | undefined
  readonly client: Client | undefined
  readonly location: string | undefined
}

async function readRequest(form: OAuthForm, parts: LogoutParts): Promise<LogoutRequest> {
  for (const name of ECHOED)
    if ((form.one(name)?.length ?? 0) > LONGEST)
      throw invalidRequest(`${name} is longer than ${LONGEST} characters`)
  const hintText = form.one('id_token_hint')
  const hint = hintText === undefined ? undefined : hintedClaims(hintText, parts)
  const named = form.one('client_id')
  if (named !== undefined && hint !== undefined && hint.aud !== named)
    throw invalidRequest('client_id is not the one that the ID token is for')
  const id = named ?? hint?.aud
  const known = id !== undefined && CLIENT_ID.test(id)
  const client = known ? await parts.stores.clients.find(parts.settings.issuer, id) : undefined
  return { hint, client, location: locationOf(form, client) }
}

/** Character by character, as every address that we send a browser to (RP-Initiated Logout §3). */
function locationOf(form: OAuthForm, client: Client | undefined): string | undefined {
  const uri = form.one('post_logout_redirect_uri')
  if (uri === undefined) return undefined
  if (client === undefined)
    throw invalidRequest('it names no app; send client_id or an ID token of ours as id_token_hint')
  if (!client.postLogoutRedirectUris.includes(uri)) {
    throw new AuthorityError(
      'authority/redirect-uri',
      'Cannot sign out: the address to return to is not registered for the app',
    )
  }
  const state = form.one('state')
  if (state === undefined) return uri
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`
}

function confirmation(form: OAuthForm, client: Client | undefined): LogoutStep {
  const fields = ECHOED.flatMap((name) => {
    const value = form.one(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const shown = client === undefined ? undefined : { id: client.id, name: client.name }
  return { step: 'confirm', client: shown, fields: Object.fromEntries(fields) }
}

function invalidRequest(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_request', `Cannot sign out: ${reason}`)
}

const ECHOED = ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state'] as const
const LONGEST = 4096
