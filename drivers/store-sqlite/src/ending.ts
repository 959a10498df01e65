import type { EndCause, Session } from '@jotwarden/authority'
import type { Connection } from './connection.ts'
import { sessionFrom } from './session-row.ts'

/** Which rows an ending reaches: those whose column holds the value. */
export interface Reach {
  readonly column: 'id' | 'login' | 'subject' | 'client'
  readonly value: string
}

/**
 * Ends the sessions and names those that were live. Expired ones are marked as well, so that a node whose clock
 * lags cannot refresh them.
 */
export function endSessions(
  connection: Connection,
  issuer: string,
  { column, value }: Reach,
  cause: EndCause,
  now: number,
): readonly Session[] {
  return connection
    .all(
      `UPDATE sessions SET ended_at = ?, end_cause = ?
       WHERE issuer = ? AND ${column} = ? AND ended_at IS NULL RETURNING *`,
      now,
      cause,
      issuer,
      value,
    )
    .map(sessionFrom)
    .filter((session) => now < session.idleExpiresAt && now < session.absoluteExpiresAt)
}

export function endLogins(
  connection: Connection,
  issuer: string,
  { column, value }: Reach & { readonly column: 'id' | 'subject' },
  now: number,
): void {
  connection.run(
    `UPDATE logins SET ended_at = ? WHERE issuer = ? AND ${column} = ? AND ended_at IS NULL`,
    now,
    issuer,
    value,
  )
}

/** Voids unused codes; used ones stay, to notice replays. */
export function voidCodes(
  connection: Connection,
  issuer: string,
  { column, value }: Reach & { readonly column: 'login' | 'subject' | 'client' },
): void {
  // Few codes are unused at any time: the index of those serves all three columns.
  connection.run(
    `UPDATE codes INDEXED BY codes_unused SET voided = 1
     WHERE issuer = ? AND ${column} = ? AND session IS NULL AND voided = 0`,
    issuer,
    value,
  )
}
