import type { SQLInputValue } from 'node:sqlite'
import type { EndCause, LoginChoice, Session } from '@jotwarden/authority'
import type { Connection, SqlRow } from './connection.ts'
import { sessionFrom } from './session-row.ts'

/** Which rows an ending reaches: those whose column holds the value, and of these those that are narrowed to. */
export interface Reach {
  readonly column: 'id' | 'login' | 'subject' | 'client'
  readonly value: string
  readonly client?: string
  readonly logins?: LoginChoice
}

/**
 * Ends the sessions and names those that were live. Expired ones are marked as well, so that a node whose clock
 * lags cannot refresh them.
 */
export function endSessions(
  connection: Connection,
  issuer: string,
  reach: Reach,
  cause: EndCause,
  now: number,
): readonly Session[] {
  const { column, value } = reach
  const { sql, values } = narrowing(reach, 'login')
  return connection
    .all(
      `UPDATE sessions${openIndex('sessions', reach)} SET ended_at = ?, end_cause = ?
       WHERE issuer = ? AND ${column} = ? AND ended_at IS NULL${sql} RETURNING *`,
      now,
      cause,
      issuer,
      value,
      ...values,
    )
    .map(sessionFrom)
    .filter((session) => now < session.idleExpiresAt && now < session.absoluteExpiresAt)
}

/** Ends the logins and gives the rows of those that were open. */
export function endLogins(
  connection: Connection,
  issuer: string,
  reach: Reach & { readonly column: 'id' | 'subject' },
  now: number,
): readonly SqlRow[] {
  const { sql, values } = narrowing(reach, 'id')
  return connection.all(
    `UPDATE logins${openIndex('logins', reach)} SET ended_at = ? WHERE issuer = ? AND ${reach.column} = ? AND ended_at IS NULL${sql} RETURNING *`,
    now,
    issuer,
    reach.value,
    ...values,
  )
}

/** Voids unused codes; used ones stay, to notice replays. */
export function voidCodes(
  connection: Connection,
  issuer: string,
  reach: Reach & { readonly column: 'login' | 'subject' | 'client' },
): void {
  const { sql, values } = narrowing(reach, 'login')
  // Few codes are unused at any time: the index of those serves all three columns.
  connection.run(
    `UPDATE codes INDEXED BY codes_unused SET voided = 1
     WHERE issuer = ? AND ${reach.column} = ? AND session IS NULL AND voided = 0${sql}`,
    issuer,
    reach.value,
    ...values,
  )
}

/** Without statistics SQLite would go through all of an issuer's rows, by the primary key. */
export function openIndex(table: 'sessions' | 'logins', { column }: Pick<Reach, 'column'>): string {
  return column === 'id' ? '' : ` INDEXED BY ${table}_open_by_${column}`
}

/** The rest of a condition; `login` is the column that names the login. */
function narrowing(
  { client, logins }: Reach,
  login: 'id' | 'login',
): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
  if (client !== undefined) return { sql: ' AND client = ?', values: [client] }
  if (logins === undefined) return { sql: '', values: [] }
  const [not, ids] = 'only' in logins ? ['', logins.only] : ['NOT ', logins.except]
  const sql = ` AND coalesce(${login}, '') ${not}IN (SELECT value FROM json_each(?))`
  return { sql, values: [JSON.stringify(ids)] }
}
