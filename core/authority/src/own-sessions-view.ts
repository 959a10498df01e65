import type { Clock } from '@jotwarden/token'
import type { Client } from './client-store.ts'
import type { Consent } from './consent-store.ts'
import { type Device, readDevice } from './device.ts'
import type { Login } from './login-store.ts'
import { olderThan, type Place, placeText, readPlace } from './own-page-place.ts'
import type { OwnPageSeal } from './own-page-seal.ts'
import type { OwnAct } from './own-sessions.ts'
import { type DescribedScope, describedScope } from './resources.ts'
import { placeOf, type Session } from './session-store.ts'
import type { Settings } from './settings.ts'
import type { SignedIn } from './signed-in.ts'
import type { Stores } from './stores.ts'

/** Which stretch of a person's sign-ins to show, as a view before gave it; the newest unless given. */
export interface OwnSessionsPage {
  readonly older?: string | undefined
  readonly moreApps?: string | undefined
  /** As `OwnEnded` gave it. */
  readonly notice?: string | undefined
}

/** What a person may see of their own sign-ins: nothing a token could be derived from, and nothing of anybody else. */
export interface OwnSessionsView {
  readonly account: { readonly username: string; readonly name: string | null }
  /** Goes along with every ending. */
  readonly proof: string
  /** Newest first. */
  readonly signIns: readonly OwnSignIn[]
  /** Where the next older ones begin; undefined when these are the last. */
  readonly older: string | undefined
  readonly apps: readonly OwnApp[]
  readonly moreApps: string | undefined
  /** What was just done. */
  readonly done: OwnAct | undefined
  /** Seconds since the epoch. */
  readonly now: number
}

/** One sign-in in one browser, and the apps that were entered with it. */
export interface OwnSignIn {
  /** Of the login; null for sessions that apps started by themselves. */
  readonly id: string | null
  readonly device: Device
  /** Whether it is that of the browser that asks, or one which that took the place of. */
  readonly browser: 'this' | 'this-before' | 'other'
  /** Until when it lets the browser into further apps without a password; null when it no longer does. */
  readonly opensUntil: number | null
  readonly at: number | null
  readonly sessions: readonly OwnSession[]
}

export interface OwnSession {
  readonly id: string
  readonly client: { readonly id: string; readonly name: string }
  readonly startedAt: number
  /** The last sign of use, to about a minute. */
  readonly usedAt: number
  /** Its end however much it is used. */
  readonly endsAt: number
}

/** An app that may have, without asking again, what it was allowed once. */
export interface OwnApp {
  readonly client: { readonly id: string; readonly name: string }
  readonly scopes: readonly DescribedScope[]
  readonly givenAt: number
}

export function createOwnSessionsView(parts: {
  readonly settings: Settings
  readonly stores: Stores
  readonly clock: Clock
  readonly seal: OwnPageSeal
}): (page: OwnSessionsPage, person: SignedIn) => Promise<OwnSessionsView> {
  const { settings, stores, clock, seal } = parts
  const { issuer } = settings

  /** The rows of the page: logins, each followed by the sessions under it, as far as the page reaches. */
  async function rowsOf(subject: string, before: Place | null, now: number) {
    const page = { before, limit: ROWS + 1 }
    const byLogin = before === null ? null : { authTime: before.authTime, id: before.login }
    const logins = await stores.logins.ofSubject(issuer, subject, { ...page, before: byLogin }, now)
    const sessions = await stores.sessions.ofSubject(issuer, subject, page, now)
    const rows = [...logins.map(loginRow), ...sessions.map(sessionRow)].toSorted((a, b) =>
      olderThan(a.place, b.place) ? 1 : -1,
    )
    const shown = rows.slice(0, ROWS)
    const last = shown.at(-1)
    return { shown, older: rows.length > ROWS && last !== undefined ? placeText(last.place) : undefined }
  }

  async function signInsOf(
    rows: readonly Row[],
    { login }: SignedIn,
    now: number,
  ): Promise<readonly OwnSignIn[]> {
    const standing = await withoutRevoked(rows, login.subject)
    const names = await namesOf(standing.flatMap(({ session }) => (session === null ? [] : [session.client])))
    const ids = [...new Set(standing.map(({ place }) => place.login))]
    return Promise.all(
      ids.map(async (id) => {
        const own = standing.filter(({ place }) => place.login === id)
        const row = own.find((one) => one.login !== null)?.login ?? (await stores.logins.get(issuer, id))
        const sessions = own.flatMap(({ session }) => (session === null ? [] : [session]))
        return signIn(id, row, sessions, names, login, now)
      }),
    )
  }

  function signIn(
    id: string,
    row: Login | undefined,
    sessions: readonly Session[],
    names: ReadonlyMap<string, string>,
    mine: Login,
    now: number,
  ): OwnSignIn {
    const isOpen = row !== undefined && row.endedAt === null && now < row.expiresAt
    const before = mine.earlier.includes(id) ? 'this-before' : 'other'
    return {
      id: id === '' ? null : id,
      device: readDevice(row?.device ?? sessions[0]?.device ?? null),
      browser: id === mine.id ? 'this' : before,
      opensUntil: isOpen ? row.expiresAt : null,
      at: id === '' ? null : (row?.authTime ?? sessions[0]?.authTime ?? null),
      sessions: sessions.map((session) => ownSession(session, names, now)),
    }
  }

  function ownSession(session: Session, names: ReadonlyMap<string, string>, now: number): OwnSession {
    const { id, client, createdAt, rotatedAt, idleExpiresAt, absoluteExpiresAt } = session
    // A kept refresh token moves the idle expiry and no counter
    const touchedAt = Math.min(now, idleExpiresAt - settings.sessionIdleLifetime)
    return {
      id,
      client: { id: client, name: names.get(client) ?? client },
      startedAt: createdAt,
      usedAt: Math.max(createdAt, rotatedAt ?? 0, touchedAt),
      endsAt: absoluteExpiresAt,
    }
  }

  /** A wide mark ends sessions without touching each row. */
  async function withoutRevoked(rows: readonly Row[], subject: string): Promise<readonly Row[]> {
    const clients = new Set(rows.map(({ session }) => session?.client ?? ''))
    const marks = new Map<string, number>()
    for (const client of clients)
      marks.set(client, await stores.revocation.lastMark(issuer, { subject, client }))
    return rows.filter(
      ({ session, login }) => (session?.rev ?? login?.rev ?? 0) >= (marks.get(session?.client ?? '') ?? 0),
    )
  }

  async function appsOf(subject: string, after: string) {
    const found = await stores.consents.list(issuer, subject, { after, limit: APPS + 1 })
    const shown = found.slice(0, APPS)
    const names = await namesOf(shown.map(({ client }) => client))
    return {
      apps: shown.map((consent) => ownApp(consent, names)),
      moreApps: found.length > APPS ? shown.at(-1)?.client : undefined,
    }
  }

  function ownApp({ client, scopes, givenAt }: Consent, names: ReadonlyMap<string, string>): OwnApp {
    return {
      client: { id: client, name: names.get(client) ?? client },
      scopes: scopes.map((name) => describedScope(name, settings.resources)),
      givenAt,
    }
  }

  async function namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await Promise.all([...new Set(ids)].map((id) => stores.clients.find(issuer, id)))
    return new Map(found.filter((one): one is Client => one !== undefined).map(({ id, name }) => [id, name]))
  }

  return async (page, person) => {
    const { account, login } = person
    const now = clock.now()
    const before = readPlace(page.older)
    const { shown, older } = await rowsOf(login.subject, before, now)
    return {
      account: { username: account.username, name: account.name },
      proof: seal.proof(login.id),
      signIns: await signInsOf(shown, person, now),
      older,
      ...(await appsOf(login.subject, page.moreApps ?? '')),
      done: seal.readNotice(page.notice, login.id, now),
      now,
    }
  }
}

interface Row {
  readonly place: Place
  readonly login: Login | null
  readonly session: Session | null
}

/** Before every session under it. */
function loginRow(login: Login): Row {
  const { authTime, id } = login
  return { place: { authTime, login: id, createdAt: Number.MAX_SAFE_INTEGER, id: '' }, login, session: null }
}

function sessionRow(session: Session): Row {
  return { place: placeOf(session), login: null, session }
}

/** Logins and sessions on one page. */
const ROWS = 25
const APPS = 25
