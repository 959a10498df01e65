import type { Rows } from './rows.ts'

/** Deletes what no one can ask for any more and says how many rows went. */
export function prune(rows: Rows, now: number): number {
  const codes = rows.codes.all().filter(({ code }) => now > code.expiresAt + CODE_RETENTION)
  for (const { code } of codes) rows.codes.remove(code.hash)
  const logins = rows.logins.all().filter((login) => now >= login.expiresAt)
  for (const login of logins) {
    rows.logins.remove(login.id)
    rows.cookies.remove(login.cookieHash)
  }
  const sessions = rows.sessions.all().filter((session) => now >= session.absoluteExpiresAt)
  for (const session of sessions) rows.sessions.remove(session.id)
  return codes.length + logins.length + sessions.length
}

/** Seconds that codes are kept past their expiry, to notice replays. */
const CODE_RETENTION = 600
