import type { Recorder } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'
import type { EndCause, Session } from './session-store.ts'

/** One sign-in of one person in one browser: what single sign-on, `prompt` and `max_age` hang on. */
export interface Login {
  /** 16 random bytes, base64url. */
  readonly id: string
  readonly subject: string
  /** base64url of the SHA-256 of the cookie's value. */
  readonly cookieHash: string
  /** When the person proved themselves: seconds since the epoch. */
  readonly authTime: number
  /** How (RFC 8176). */
  readonly amr: readonly string[]
  readonly acr: string | null
  /** The head of the revocation log as it was read before the person proved themselves. */
  readonly rev: number
  /** What kind of browser it was, as `deviceOf` gives it; null when unknown. */
  readonly device: string | null
  /** Ids of the logins of the same person that this one took the place of, newest first: they end with it. */
  readonly earlier: readonly string[]
  /** Seconds since the epoch; never moves. */
  readonly expiresAt: number
  readonly endedAt: number | null
}

/** Which logins of one person: those named, or all but those named. */
export type LoginChoice = { readonly only: readonly string[] } | { readonly except: readonly string[] }

/** What an ending of a person's logins ended: the logins that were open, and the sessions that were live. */
export interface EndedLogins {
  readonly logins: readonly Login[]
  readonly sessions: readonly Session[]
}

/** Where one login stands among a person's. */
export type LoginPlace = Pick<Login, 'authTime' | 'id'>

/** Where logins are kept. */
export interface LoginStore {
  /**
   * Adds the login. `replaces` names a login of the same browser that ends in the same act (a new sign-in gets a new id).
   * Its sessions go on: they have proof of their own.
   * When the subject or the issuer was marked after `login.rev`, nothing is changed.
   */
  start(
    issuer: string,
    login: Login,
    replaces: string | null,
    events: readonly SecurityEvent[],
  ): Promise<'started' | 'revoked'>
  /** The login with this id; ended ones included. */
  get(issuer: string, id: string): Promise<Login | undefined>
  /** The login with this cookie, ended ones included; the caller looks at `endedAt` and `expiresAt`. */
  find(issuer: string, cookieHash: string): Promise<Login | undefined>
  /**
   * Ends the login and, in the same act, the sessions under it, and voids its codes. `unknown` says that there is no row
   * of the login, or no longer; sessions that have outlived the row are ended all the same.
   */
  end(
    issuer: string,
    id: string,
    now: number,
    record: Recorder<'ended' | 'unknown'>,
  ): Promise<'ended' | 'unknown'>
  /**
   * Logins of the person that are neither ended nor expired at `now`, newest first: by `authTime`, then by id, both
   * falling. `limit` at most, of those that come after `before`.
   */
  ofSubject(
    issuer: string,
    subject: string,
    page: { readonly before: LoginPlace | null; readonly limit: number },
    now: number,
  ): Promise<readonly Login[]>
  /**
   * Ends logins of one person and, in the same act, the person's sessions under them, and voids their codes. Sessions that
   * have outlived the row of their login are ended all the same; those that hang on no login are reached by `except`.
   * Whatever is named, nothing of anybody else is changed. Of concurrent calls each ended row is named by one.
   */
  endOf(
    issuer: string,
    subject: string,
    choice: LoginChoice,
    cause: EndCause,
    now: number,
    record: Recorder<EndedLogins>,
  ): Promise<EndedLogins>
}
