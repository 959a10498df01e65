import type { Keyring } from '@jotwarden/keyring'
import { type Clock, encodeBase64url, type Random } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import { type AuthorizationRequest, readAuthorizationRequest } from './authorization-request.ts'
import { codeLocation, errorLocation } from './authorization-response.ts'
import type { AuthorizationStep, Browser, PageStep } from './authorization-step.ts'
import { CLIENT_ID } from './client-authentication.ts'
import type { Client } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { FamiliarNetwork } from './familiar-network.ts'
import type { Guesses } from './guesses.ts'
import { hintedSubject } from './id-token-hint.ts'
import { createInteractions, type Interaction } from './interaction.ts'
import type { Login } from './login-store.ts'
import type { NetworkHash } from './network.ts'
import type { OAuthForm } from './oauth-form.ts'
import { isRegisteredRedirectUri } from './redirect-uri.ts'
import { describedScope } from './resources.ts'
import type { Settings } from './settings.ts'
import { sha256 } from './sha256.ts'
import { personOf, type SignedIn } from './signed-in.ts'
import type { Stores } from './stores.ts'

/** What the authorization endpoint is made of. */
export interface AuthorizationParts {
  readonly settings: Settings
  readonly stores: Stores
  readonly accounts: AccountStore
  readonly keyring: Keyring
  readonly clock: Clock
  readonly random: Random
  readonly network: NetworkHash
  readonly guesses: Guesses
  readonly isFamiliar: FamiliarNetwork
}

/** An interaction, with the cookie value it is tied to. */
export interface OpenedInteraction {
  readonly interaction: Interaction
  readonly binding: string
}

/** The path of an authorization request, from its parameters to the redirect back, without HTTP. */
export interface AuthorizationFlow {
  /** Opens an interaction that comes back from its browser, for a client that is still as it was. Throws `authority/interaction`. */
  open(interaction: string, browser: Browser): Promise<OpenedInteraction>
  /**
   * Starts. Throws what must be shown to the person and never redirected: `authority/client-unknown`,
   * `authority/redirect-uri`.
   */
  begin(form: OAuthForm, browser: Browser): Promise<AuthorizationStep>
  /** Starts a sign-in that leads to the authority's own page. */
  beginOwnPage(browser: Browser): Promise<AuthorizationStep>
  /** Goes on with an interaction after a page. Throws `authority/interaction`. */
  resume(interaction: string, browser: Browser): Promise<AuthorizationStep>
  /** Takes the person's answer to the consent page. Throws `authority/interaction`. */
  consent(
    answer: { readonly interaction: string; readonly decision: 'allow' | 'deny' },
    browser: Browser,
  ): Promise<AuthorizationStep>
  /** Goes on with an interaction whose person has just signed in. */
  proceed(interaction: Interaction, binding: string, person: SignedIn): Promise<AuthorizationStep>
  /** What a page about this interaction shows. Throws `authority/interaction` when its client is gone. */
  page(interaction: Interaction, binding: string): Promise<PageStep>
}

export function createAuthorizationFlow(parts: AuthorizationParts): AuthorizationFlow {
  const { settings, stores, clock, random } = parts
  const { issuer } = settings
  const interactions = createInteractions(issuer, parts.keyring, random)

  async function begin(form: OAuthForm, browser: Browser): Promise<AuthorizationStep> {
    const rev = await headNow()
    const client = await knownClient(parts, form.one('client_id'))
    const redirectUri = knownRedirectUri(client, form.one('redirect_uri'))
    const state = form.one('state') ?? null
    try {
      const request = readAuthorizationRequest(form, client, redirectUri, settings.resources)
      const { interaction, binding } = begun(request, rev, browser)
      return await next(interaction, binding, await personOf(parts, browser))
    } catch (error) {
      return { step: 'redirect', location: errorLocation(redirectUri, state, error, issuer) }
    }
  }

  async function beginOwnPage(browser: Browser): Promise<AuthorizationStep> {
    const { interaction, binding } = begun(null, await headNow(), browser)
    return next(interaction, binding, await personOf(parts, browser))
  }

  function begun(request: Interaction['request'], rev: number, browser: Browser): OpenedInteraction {
    const binding = browser.binding ?? encodeBase64url(random.bytes(32))
    const expiresAt = clock.now() + settings.interactionLifetime
    const state = { browser: sha256(binding), expiresAt, login: null, signedIn: false, rev }
    return { interaction: { request, ...state }, binding }
  }

  async function resume(text: string, browser: Browser): Promise<AuthorizationStep> {
    const { interaction, binding } = await open(text, browser)
    const person = await personOf(parts, browser)
    return redirectingErrors(interaction.request, () => next(interaction, binding, person))
  }

  async function consent(
    answer: { readonly interaction: string; readonly decision: 'allow' | 'deny' },
    browser: Browser,
  ): Promise<AuthorizationStep> {
    const { interaction, binding } = await open(answer.interaction, browser)
    const { request } = interaction
    if (request === null) throw interactionChanged()
    const person = await personOf(parts, browser)
    // What was shown to one person cannot be answered by another who has signed in since.
    if (person === undefined || interaction.login !== person.login.id) {
      return next({ ...interaction, login: null, signedIn: false }, binding, undefined)
    }
    const { client, scope } = request
    const about = { at: clock.now(), subject: person.login.subject, client, login: person.login.id }
    return redirectingErrors(request, async () => {
      if (answer.decision !== 'allow') {
        await stores.events.record(issuer, [{ type: 'consent-refused', ...about }])
        throw new AuthorityError('oauth/access_denied', 'Cannot authorize: the person refused')
      }
      const given = { subject: person.login.subject, client, scopes: scope, givenAt: clock.now() }
      const event = { type: 'consent-given', ...about } as const
      if ((await stores.consents.give(issuer, given, person.login.rev, [event])) === 'revoked')
        return next({ ...interaction, login: null, signedIn: false }, binding, undefined)
      return issueCode(interaction, request, binding, person)
    })
  }

  async function headNow(): Promise<number> {
    return (await stores.revocation.head(issuer)).number
  }

  /** Decides what is still missing: a sign-in, a consent, or nothing. */
  async function next(
    interaction: Interaction,
    binding: string,
    person: SignedIn | undefined,
  ): Promise<AuthorizationStep> {
    const { request } = interaction
    const silent = request?.prompt.includes('none') === true
    if (person === undefined || (await mustSignIn(interaction, person.login))) {
      if (silent)
        throw new AuthorityError('oauth/login_required', 'Cannot authorize: the person is not signed in')
      const fresh = { ...interaction, login: null, signedIn: false, rev: await headNow() }
      const page = await pageOf(fresh, binding)
      return { step: 'login', ...page, loginHint: request?.loginHint ?? undefined }
    }
    if (request === null) return { step: 'own-page' }
    const client = await clientOf(request)
    if (!(await mustAsk(request, client, person))) return issueCode(interaction, request, binding, person)
    if (silent)
      throw new AuthorityError('oauth/consent_required', 'Cannot authorize: the person has not consented')
    return {
      step: 'consent',
      client: { id: client.id, name: client.name },
      redirectUri: request.redirectUri,
      uiLocales: request.uiLocales,
      binding,
      interaction: interactions.seal({ ...interaction, login: person.login.id }),
      account: { username: person.account.username, name: person.account.name },
      scopes: request.scope.map((name) => describedScope(name, settings.resources)),
    }
  }

  async function mustSignIn(interaction: Interaction, login: Login): Promise<boolean> {
    const { request } = interaction
    if (request === null) return false
    const hinted =
      request.idTokenHint === null ? undefined : hintedSubject(request.idTokenHint, request.client, parts)
    if (hinted !== undefined && hinted !== login.subject) return true
    if (interaction.signedIn && interaction.login === login.id) return false
    if (request.prompt.includes('login') || request.prompt.includes('select_account')) return true
    return request.maxAge !== null && clock.now() - login.authTime > request.maxAge
  }

  async function mustAsk(request: AuthorizationRequest, client: Client, person: SignedIn): Promise<boolean> {
    if (request.prompt.includes('consent')) return true
    if (client.consent === 'trusted') return false
    // RFC 8252 §8.6: any program on the device can pass for a native client, so somebody must look each time.
    if (client.applicationType === 'native' && client.type === 'public') return true
    const consented = await stores.consents.find(issuer, person.login.subject, request.client)
    return !request.scope.every((name) => consented?.scopes.includes(name))
  }

  async function issueCode(
    interaction: Interaction,
    request: AuthorizationRequest,
    binding: string,
    person: SignedIn,
  ): Promise<AuthorizationStep> {
    const code = encodeBase64url(random.bytes(32))
    const issued = await stores.codes.issue(issuer, codeRow(request, person.login, sha256(code)), [])
    if (issued === 'login-ended')
      return next({ ...interaction, login: null, signedIn: false }, binding, undefined)
    return { step: 'redirect', location: codeLocation(request, code, issuer) }
  }

  function codeRow(request: AuthorizationRequest, login: Login, hash: string) {
    const { client, redirectUri, codeChallenge, scope, resources, nonce } = request
    const { id, subject, authTime, acr, amr, rev, device } = login
    const issuedAt = clock.now()
    const expiresAt = issuedAt + settings.codeLifetime
    const what = {
      client,
      redirectUri,
      codeChallenge,
      scope,
      resources,
      nonce,
      subject,
      authTime,
      acr,
      amr,
      rev,
      device,
    }
    return { hash, login: id, ...what, issuedAt, expiresAt, session: null }
  }

  async function pageOf(interaction: Interaction, binding: string): Promise<PageStep> {
    const { request } = interaction
    const sealed = { interaction: interactions.seal(interaction), binding }
    if (request === null) return { ...sealed, client: null, redirectUri: null, uiLocales: [] }
    const { id, name } = await clientOf(request)
    const { redirectUri, uiLocales } = request
    return { ...sealed, client: { id, name }, redirectUri, uiLocales }
  }

  async function open(text: string, browser: Browser): Promise<OpenedInteraction> {
    const interaction = interactions.open(text, browser.binding, clock.now())
    if (interaction.request !== null) await clientOf(interaction.request)
    return { interaction, binding: browser.binding ?? '' }
  }

  /** The client as it is now: what it lost since the sign-in began, the sign-in does not get. */
  async function clientOf(request: AuthorizationRequest): Promise<Client> {
    const client = await stores.clients.find(issuer, request.client)
    const isStill = client !== undefined && isRegisteredRedirectUri(client, request.redirectUri)
    if (isStill && request.scope.every((name) => client.scopes.includes(name))) return client
    throw interactionChanged()
  }

  async function redirectingErrors(
    request: Interaction['request'],
    step: () => Promise<AuthorizationStep>,
  ): Promise<AuthorizationStep> {
    try {
      return await step()
    } catch (error) {
      if (request === null) throw error
      return { step: 'redirect', location: errorLocation(request.redirectUri, request.state, error, issuer) }
    }
  }

  return {
    open,
    begin,
    beginOwnPage,
    resume,
    consent,
    page: pageOf,
    proceed: (interaction, binding, person) =>
      redirectingErrors(interaction.request, () => next(interaction, binding, person)),
  }
}

function interactionChanged(): AuthorityError {
  return new AuthorityError(
    'authority/interaction',
    'Cannot go on with this sign-in: its app has changed or is gone',
  )
}

async function knownClient(parts: AuthorizationParts, id: string | undefined): Promise<Client> {
  const known = id !== undefined && CLIENT_ID.test(id)
  const client = known ? await parts.stores.clients.find(parts.settings.issuer, id) : undefined
  if (client !== undefined) return client
  throw new AuthorityError(
    'authority/client-unknown',
    'Cannot start the sign-in: the app that asked for it is not registered here',
  )
}

function knownRedirectUri(client: Client, uri: string | undefined): string {
  const [only, ...others] = client.redirectUris
  if (uri === undefined && only !== undefined && others.length === 0 && client.applicationType === 'web')
    return only
  if (uri !== undefined && uri.length <= 2048 && isRegisteredRedirectUri(client, uri)) return uri
  throw new AuthorityError(
    'authority/redirect-uri',
    'Cannot start the sign-in: the address to return to is not registered for the app',
  )
}
