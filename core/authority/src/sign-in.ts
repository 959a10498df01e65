import { encodeBase64url, type Secret } from '@jotwarden/token'
import type { Account } from './account-store.ts'
import type { AuthorizationFlow, AuthorizationParts } from './authorization.ts'
import type { Browser, SignInStep } from './authorization-step.ts'
import { deviceOf } from './device.ts'
import { AuthorityError } from './errors.ts'
import type { Interaction } from './interaction.ts'
import type { Login } from './login-store.ts'
import { NEW_NETWORK } from './notice.ts'
import { randomId } from './random-id.ts'
import { loginEnded } from './revoked.ts'
import type { SecurityEvent } from './security-event.ts'
import { sha256 } from './sha256.ts'

/** Turns a proven identity into a login. */
export interface SignIn {
  /** Checks a password. Throws `authority/interaction`. */
  signIn(
    request: { readonly interaction: string; readonly username: string; readonly password: Secret },
    browser: Browser,
  ): Promise<SignInStep>
  /**
   * Takes a subject from a sign-in page of the host application's own, which has proved who it is in the ways that `amr`
   * names (RFC 8176). When the subject was revoked after the sign-in page was made, it has to begin again. Throws `authority/interaction`, `authority/subject`.
   */
  signInAs(
    request: {
      readonly interaction: string
      readonly subject: string
      readonly amr: readonly string[]
      readonly acr?: string
    },
    browser: Browser,
  ): Promise<SignInStep>
}

export function createSignIn(parts: AuthorizationParts, flow: AuthorizationFlow): SignIn {
  const { settings, stores, clock, random } = parts
  const { issuer } = settings

  async function signIn(
    request: { readonly interaction: string; readonly username: string; readonly password: Secret },
    browser: Browser,
  ): Promise<SignInStep> {
    const { interaction, binding } = await flow.open(request.interaction, browser)
    const rev = (await stores.revocation.head(issuer)).number
    const verdict = await parts.guesses.login(request.username, browser.network, (hold) =>
      parts.accounts.verifyPassword(request.username, request.password, hold),
    )
    if (verdict.verdict === 'accepted')
      return enter(interaction, verdict.account, { amr: ['pwd'], acr: null, rev }, browser)
    if (verdict.verdict === 'refused')
      await stores.events.record(issuer, [refusal(verdict.subject, interaction, browser)])
    const again = { ...(await flow.page(interaction, binding)), loginHint: request.username }
    if (verdict.verdict === 'throttled')
      return { step: 'refused', reason: 'throttled', retryAfter: verdict.seconds, ...again }
    return { step: 'refused', reason: verdict.verdict === 'busy' ? 'busy' : 'credentials', ...again }
  }

  async function signInAs(
    request: {
      readonly interaction: string
      readonly subject: string
      readonly amr: readonly string[]
      readonly acr?: string
    },
    browser: Browser,
  ): Promise<SignInStep> {
    const { interaction } = await flow.open(request.interaction, browser)
    const account = await parts.accounts.find(request.subject)
    if (account === undefined || account.disabled) {
      throw new AuthorityError('authority/subject', 'Cannot sign in: the account is unknown or disabled')
    }
    // Nobody knows when the host proved it: at the earliest after the page that asked for it
    const how = { amr: request.amr, acr: request.acr ?? null, rev: interaction.rev }
    return enter(interaction, account, how, browser)
  }

  async function enter(
    interaction: Interaction,
    account: Account,
    how: Pick<Login, 'amr' | 'acr' | 'rev'>,
    browser: Browser,
  ): Promise<SignInStep> {
    // RFC 9700 §4.15: a person must not be mistaken for a client that acts in its own name.
    if ((await stores.clients.find(issuer, account.subject)) !== undefined) {
      throw new AuthorityError('authority/subject', 'Cannot sign in: the subject is the id of a client')
    }
    const now = clock.now()
    const cookie = encodeBase64url(random.bytes(32))
    const before = await earlierLogin(browser)
    const isFamiliar = await parts.isFamiliar(account.subject, browser.network)
    const login: Login = {
      id: randomId(random),
      subject: account.subject,
      cookieHash: sha256(cookie),
      authTime: now,
      ...how,
      device: deviceOf(browser.userAgent),
      earlier:
        before?.subject === account.subject ? [before.id, ...before.earlier].slice(0, MOST_EARLIER) : [],
      expiresAt: now + settings.loginLifetime,
      endedAt: null,
    }
    const started = await stores.logins.start(issuer, login, before?.id ?? null, [
      succeeded(login, interaction, browser, isFamiliar),
    ])
    if (started === 'revoked') throw changedMeanwhile()
    // Whoever disables an account or changes its password ends the logins that are there; one on its way ends here.
    const current = await parts.accounts.find(account.subject)
    if (
      current === undefined ||
      current.disabled ||
      current.credentialVersion !== account.credentialVersion
    ) {
      await stores.logins.end(issuer, login.id, now, () =>
        loginEnded(login, 'account-changed', now, settings.revocationQuota),
      )
      throw changedMeanwhile()
    }
    const signedIn = { ...interaction, login: login.id, signedIn: true }
    const next = await flow.proceed(signedIn, browser.binding ?? '', { login, account })
    return { step: 'signed-in', login: cookie, loginExpiresAt: login.expiresAt, next }
  }

  /** The login this browser had until now; it ends as the new one starts. */
  async function earlierLogin(browser: Browser): Promise<Login | undefined> {
    return browser.login === undefined ? undefined : stores.logins.find(issuer, sha256(browser.login))
  }

  function succeeded(
    login: Login,
    interaction: Interaction,
    browser: Browser,
    isFamiliar: boolean | undefined,
  ): SecurityEvent {
    return {
      type: 'login-succeeded',
      at: login.authTime,
      subject: login.subject,
      login: login.id,
      ...(isFamiliar === false ? { cause: NEW_NETWORK } : {}),
      ...whence(interaction, browser),
    }
  }

  /**
   * Counted by account, and all unknown names together: strangers must not be able to fill the store. The name that was
   * tried is not kept, since people type passwords into the wrong field.
   */
  function refusal(subject: string | undefined, interaction: Interaction, browser: Browser): SecurityEvent {
    const who = subject === undefined ? { aggregate: '' } : { aggregate: subject, subject }
    return {
      type: 'login-refused',
      at: clock.now(),
      ...who,
      ...whence(interaction, browser),
    }
  }

  /** For which app, if any, and from which network. */
  function whence({ request }: Interaction, browser: Browser): Pick<SecurityEvent, 'client' | 'network'> {
    const network = parts.network(browser.network)
    return {
      ...(request === null ? {} : { client: request.client }),
      ...(network === null ? {} : { network }),
    }
  }

  return { signIn, signInAs }
}

/** A person who proves themselves more often than this within one cookie's life leaves the oldest to their own end. */
const MOST_EARLIER = 50

function changedMeanwhile(): AuthorityError {
  return new AuthorityError(
    'authority/subject',
    'Cannot sign in: the account has changed, or is unknown or disabled',
  )
}
