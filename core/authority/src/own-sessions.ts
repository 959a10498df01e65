import type { Keyring } from '@jotwarden/keyring'
import type { Clock, Random } from '@jotwarden/token'
import type { AccountStore } from './account-store.ts'
import type { Browser } from './authorization-step.ts'
import { AuthorityError } from './errors.ts'
import type { LoginChoice } from './login-store.ts'
import { createOwnPageSeal } from './own-page-seal.ts'
import { createOwnSessionsView, type OwnSessionsPage, type OwnSessionsView } from './own-sessions-view.ts'
import { consentWithdrawn, loginsEnded } from './revoked.ts'
import type { Sessions } from './sessions.ts'
import type { Settings } from './settings.ts'
import { personOf, type SignedIn } from './signed-in.ts'
import type { Stores } from './stores.ts'

/** What a person may end of their own. */
export type OwnEnding =
  /** One app's session. */
  | { readonly act: 'session'; readonly id: string }
  /** One browser's login, those it took the place of, and every session under them. */
  | { readonly act: 'login'; readonly id: string }
  /** Every login and session but those of the browser that asks. */
  | { readonly act: 'others' }
  /** Everything, this browser's login included. */
  | { readonly act: 'everything' }
  /** The consent to an app, and the app's sessions. */
  | { readonly act: 'app'; readonly id: string }

export type OwnAct = OwnEnding['act']

/**
 * What came of it.
 * - `ended`: nothing of what was named is left, whether it was ended now, before, or never was theirs; `notice` lets the
 *   page say so once.
 * - `signed-out`: this browser's login is over too, now or before.
 * - `outdated`: the form was not made for this login; nothing was done.
 */
export type OwnEnded =
  | { readonly outcome: 'ended'; readonly notice: string }
  | { readonly outcome: 'signed-out' }
  | { readonly outcome: 'outdated' }

/** Where a person sees and ends their own sign-ins, by the login of the browser that asks. */
export interface OwnSessions {
  /** Undefined unless the browser is signed in. Throws `oauth/invalid_request` for a place that is none. */
  view(page: OwnSessionsPage, browser: Browser): Promise<OwnSessionsView | undefined>
  /**
   * Ends what is named if it is theirs; what is somebody else's is answered like what is unknown and stays. `proof` is the
   * view's. It only ever takes access away, so that it asks for no fresh sign-in.
   */
  end(ending: OwnEnding, proof: string | undefined, browser: Browser): Promise<OwnEnded>
}

export interface OwnSessionsParts {
  readonly settings: Settings
  readonly stores: Stores
  readonly accounts: AccountStore
  readonly sessions: Pick<Sessions, 'end'>
  readonly keyring: Keyring
  readonly clock: Clock
  readonly random: Random
}

export function createOwnSessions(parts: OwnSessionsParts): OwnSessions {
  const { stores, clock, settings } = parts
  const { issuer, revocationQuota } = settings
  const seal = createOwnPageSeal(issuer, parts.keyring, parts.random)
  const viewOf = createOwnSessionsView({ settings, stores, clock, seal })

  async function end(ending: OwnEnding, proof: string | undefined, browser: Browser): Promise<OwnEnded> {
    const person = await personOf(parts, browser)
    if (person === undefined) return { outcome: 'signed-out' }
    const { login } = person
    if (!seal.isProof(proof, login.id)) return { outcome: 'outdated' }
    await act(ending, person)
    const isOver = (await stores.logins.get(issuer, login.id))?.endedAt !== null
    if (isOver) return { outcome: 'signed-out' }
    return { outcome: 'ended', notice: seal.notice(login.id, ending.act, clock.now()) }
  }

  async function act(ending: OwnEnding, { login }: SignedIn): Promise<void> {
    if (ending.act === 'session') return endSession(ending.id, login.subject)
    if (ending.act === 'login') return endLogin(ending.id, login.subject)
    if (ending.act === 'app') return forget(ending.id, login.subject)
    if (ending.act === 'others') return endLogins({ except: [login.id, ...login.earlier] }, login.subject)
    await parts.sessions.end({ subject: login.subject }, 'person')
  }

  async function endSession(id: string, subject: string): Promise<void> {
    // Whose a session is never changes, so that looking first is no race
    if ((await stores.sessions.find(issuer, id))?.subject !== subject) return
    await parts.sessions.end({ session: id }, 'person')
  }

  async function endLogin(id: string, subject: string): Promise<void> {
    const named = await stores.logins.get(issuer, id)
    const earlier = named?.subject === subject ? named.earlier : []
    await endLogins({ only: [id, ...earlier] }, subject)
  }

  async function endLogins(choice: LoginChoice, subject: string): Promise<void> {
    const now = clock.now()
    await stores.logins.endOf(issuer, subject, choice, 'person', now, (ended) =>
      loginsEnded(ended, 'person', now, revocationQuota),
    )
  }

  async function forget(client: string, subject: string): Promise<void> {
    const now = clock.now()
    await stores.consents.withdraw(issuer, { subject, client }, 'person', now, (withdrawal) =>
      consentWithdrawn(withdrawal, 'person', now, revocationQuota),
    )
  }

  return {
    async view(page, browser) {
      const person = await personOf(parts, browser)
      return person === undefined ? undefined : viewOf(page, person)
    },
    end,
  }
}

/** Reads what a form asks to end. Throws `oauth/invalid_request`. */
export function readOwnEnding(act: string | undefined, id: string | undefined): OwnEnding {
  if (act === 'others' || act === 'everything') return { act }
  const isOne = act === 'session' || act === 'login' || act === 'app'
  if (isOne && id !== undefined && id.length <= LONGEST_ID) return { act, id }
  throw new AuthorityError('oauth/invalid_request', 'Cannot end anything: the form does not say what')
}

/** Of a client. */
const LONGEST_ID = 255
