import type { Code, EndCause, Login, Session } from '@jotwarden/authority'
import type { Rows } from './rows.ts'

/**
 * Ends the sessions and names those that were live. Expired ones are marked as well, so that a node whose clock
 * lags cannot refresh them.
 */
export function endSessions(
  rows: Rows,
  chosen: (session: Session) => boolean,
  cause: EndCause,
  now: number,
): readonly Session[] {
  const ended = rows.sessions
    .all()
    .filter((session) => session.endedAt === null && chosen(session))
    .map((session): Session => ({ ...session, endedAt: now, endCause: cause }))
  for (const session of ended) rows.sessions.put(session.id, session)
  return ended.filter((session) => now < session.idleExpiresAt && now < session.absoluteExpiresAt)
}

/** Ends the logins and gives those that were open, as they are now. */
export function endLogins(rows: Rows, chosen: (login: Login) => boolean, now: number): readonly Login[] {
  const ended = rows.logins
    .all()
    .filter((login) => login.endedAt === null && chosen(login))
    .map((login): Login => ({ ...login, endedAt: now }))
  for (const login of ended) rows.logins.put(login.id, login)
  return ended
}

/** Voids unused codes; used ones stay, to notice replays. */
export function voidCodes(rows: Rows, chosen: (code: Code) => boolean): void {
  for (const { code, voided } of rows.codes.all()) {
    if (code.session === null && !voided && chosen(code)) rows.codes.put(code.hash, { code, voided: true })
  }
}
