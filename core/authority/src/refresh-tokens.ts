import type { Keyring } from '@jotwarden/keyring'
import {
  checkInnerTag,
  checkOuterTag,
  makeRefreshToken,
  parseRefreshToken,
  TokenError,
  type UnverifiedRefreshToken,
} from '@jotwarden/token'
import { AuthorityError } from './errors.ts'
import type { Session, SessionStore } from './session-store.ts'

/** Derives refresh tokens from session rows and finds the row of one; nothing of a token is ever stored. */
export interface RefreshTokens {
  /** The one token of the row's current generation. */
  derive(session: Session): string
  /**
   * The session and generation of an authentic token, whether live or ended. The outer tag is checked before any row
   * is read; the inner one needs the row. Throws `oauth/invalid_grant`, which does not say what was wrong.
   */
  open(text: string): Promise<{ readonly session: Session; readonly generation: number }>
}

export function createRefreshTokens(issuer: string, keyring: Keyring, sessions: SessionStore): RefreshTokens {
  return {
    derive(session) {
      const key = keyring.macKeyFor(session.macKid)
      if (key === undefined)
        throw new AuthorityError(
          'oauth/temporarily_unavailable',
          'Cannot derive the refresh token: its key is not known here yet',
        )
      return makeRefreshToken(
        { sessionId: session.id, generation: session.generation },
        { issuer, seed: session.seed },
        key,
      )
    },
    async open(text) {
      const token = parse(text)
      const key = keyring.macKeyFor(token.kid)
      if (key === undefined || !checkOuterTag(token, issuer, key)) throw refused()
      const session = await sessions.find(issuer, token.sessionId)
      if (session === undefined || !checkInnerTag(token, issuer, session.seed, key)) throw refused()
      return { session, generation: token.generation }
    },
  }
}

function parse(text: string): UnverifiedRefreshToken {
  try {
    return parseRefreshToken(text)
  } catch (cause) {
    if (cause instanceof TokenError) throw refused()
    throw cause
  }
}

function refused(reason = 'it is unknown, expired, revoked, or belongs to another client'): AuthorityError {
  return new AuthorityError('oauth/invalid_grant', `Cannot accept the refresh token: ${reason}`)
}
