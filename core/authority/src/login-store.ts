import type { Recorder } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'

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
  /** Ids of the logins of the same person that this one took the place of, newest first: they end with it. */
  readonly earlier: readonly string[]
  /** Seconds since the epoch; never moves. */
  readonly expiresAt: number
  readonly endedAt: number | null
}

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
}
