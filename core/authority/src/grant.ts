import type { AuthenticatedClient } from './client-authentication.ts'
import type { GrantType } from './client-store.ts'
import type { OAuthForm } from './oauth-form.ts'

/**
 * One grant type. It fills in what is its own; the pipeline authenticates the client before and narrows, signs and
 * commits after, so that no grant can forget a shared step.
 */
export interface Grant<Input> {
  readonly type: GrantType
  /** Which clients may use it at all. */
  readonly clients: 'any' | 'confidential'
  /** Reads its own parameters. Throws `oauth/invalid_request`. */
  parse(form: OAuthForm): Input
  /** Decides what may be issued; changes nothing. Throws `oauth/invalid_grant`, `oauth/invalid_scope` … */
  authorize(input: Input, context: GrantContext): Promise<Authorization>
}

export interface GrantContext {
  readonly client: AuthenticatedClient
  /** Seconds since the epoch. */
  readonly now: number
  /** The head of the revocation log as it was read before anything else. */
  readonly rev: number
  /** Keyed hash of the caller's network. */
  readonly network: string | null
  /** The `scope` parameter, parsed; empty when absent. */
  readonly scope: readonly string[]
  /** The `resource` parameters. */
  readonly resources: readonly string[]
}

/** What a grant decided. Nothing is changed until `commit`. */
export interface Authorization {
  readonly subject: string
  readonly scope: readonly string[]
  readonly resources: readonly string[]
  /** How the person proved themselves; null when nobody did (client credentials). */
  readonly person: Person | null
  /** The session the tokens belong to, and the login it hangs on; null without one. */
  readonly session: string | null
  readonly login: string | null
  /** The head of the revocation log before the authentication that all this rests on. */
  readonly rev: number
  /** Tokens end here at the latest: seconds since the epoch. */
  readonly notAfter: number
  readonly nonce: string | null
  /**
   * The act that makes it so, at `now` (seconds since the epoch: claims and signing may have taken their time), run after the tokens are signed and before they are answered, and the refresh token to
   * answer with. Throws `oauth/invalid_grant` when someone else was first; then the signed tokens are dropped.
   */
  commit(now: number): Promise<{ readonly refreshToken: string | null }>
}

export interface Person {
  /** Seconds since the epoch. */
  readonly authTime: number | null
  readonly acr: string | null
  readonly amr: readonly string[]
}
