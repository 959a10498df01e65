import type { Recorder } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'
import type { Session } from './session-store.ts'

/** What an authorization code stands for (RFC 6749 §4.1). Only its hash is kept. */
export interface Code {
  /** base64url of the SHA-256 of the code. */
  readonly hash: string
  readonly client: string
  readonly redirectUri: string
  /** S256 (RFC 7636 §4.2). */
  readonly codeChallenge: string
  readonly login: string
  readonly subject: string
  readonly scope: readonly string[]
  readonly resources: readonly string[]
  readonly nonce: string | null
  readonly authTime: number
  readonly acr: string | null
  readonly amr: readonly string[]
  /** Of the login. */
  readonly rev: number
  readonly device: string | null
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** The session its use made; null while unused. */
  readonly session: string | null
}

/**
 * - `redeemed`: its first use; the session was added.
 * - `replayed`: used before; the session of its first use was ended (RFC 6749 §4.1.2), and is named.
 * - `refused`: expired, voided, its login has ended, or its subject, client or issuer was marked after its `rev`; nothing
 *   changed.
 * - `unknown`: no such code.
 */
export type RedeemOutcome =
  | { readonly outcome: 'redeemed' }
  | { readonly outcome: 'replayed'; readonly session: string }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unknown' }

/** Where authorization codes wait for their one use. Used ones are kept ten minutes past expiry, to notice replays. */
export interface CodeStore {
  /**
   * Adds the code, unless its login has ended or is unknown, or subject, client or issuer were marked after its `rev`, which
   * is answered in the same way.
   */
  issue(issuer: string, code: Code, events: readonly SecurityEvent[]): Promise<'issued' | 'login-ended'>
  /** The code as issued, used ones included. A look, not a use. */
  find(issuer: string, hash: string): Promise<Code | undefined>
  /**
   * Uses the code and adds the session it is worth, as one atomic act. Call it only after client, redirect URI and
   * verifier were checked: a replay ends the session of the first use, in the same act.
   * Of any number of concurrent calls with one hash exactly one is answered `redeemed`.
   */
  redeem(
    issuer: string,
    hash: string,
    session: Session,
    now: number,
    record: Recorder<RedeemOutcome>,
  ): Promise<RedeemOutcome>
}
