import type { SQLInputValue } from 'node:sqlite'
import type { Code, CodeStore, RedeemOutcome, Session } from '@jotwarden/authority'
import { list, number, text, textOrNull } from './columns.ts'
import type { Connection, SqlRow } from './connection.ts'
import type { Database } from './database.ts'
import { endSessions } from './ending.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, writeRecording } from './revocation-log.ts'
import { addSession, isLoginOpen } from './session-store.ts'

export function createCodeStore(database: Database): CodeStore {
  return {
    issue: (issuer, code, events) =>
      database.act((connection) => {
        if (!isLoginOpen(connection, issuer, code.login) || isRevoked(connection, issuer, code))
          return 'login-ended'
        connection.insert('codes', rowOfCode(issuer, code))
        writeEvents(connection, issuer, events)
        return 'issued'
      }),
    find: (issuer, hash) =>
      database.read((connection) => {
        const row = connection.get(FIND, issuer, hash)
        return row === undefined ? undefined : codeFrom(row)
      }),
    redeem: (issuer, hash, session, now, record) =>
      database.act((connection) => {
        const outcome = redeem(connection, issuer, hash, session, now)
        writeRecording(connection, issuer, record(outcome))
        return outcome
      }),
  }
}

function redeem(
  connection: Connection,
  issuer: string,
  hash: string,
  session: Session,
  now: number,
): RedeemOutcome {
  const row = connection.get(FIND, issuer, hash)
  if (row === undefined) return { outcome: 'unknown' }
  const code = codeFrom(row)
  if (code.session !== null) {
    endSessions(connection, issuer, { column: 'id', value: code.session }, 'code-replayed', now)
    return { outcome: 'replayed', session: code.session }
  }
  const voided = number(row, 'voided') !== 0
  if (voided || now >= code.expiresAt || !isLoginOpen(connection, issuer, code.login))
    return { outcome: 'refused' }
  if (isRevoked(connection, issuer, code)) return { outcome: 'refused' }
  connection.run('UPDATE codes SET session = ? WHERE issuer = ? AND hash = ?', session.id, issuer, hash)
  addSession(connection, issuer, session)
  return { outcome: 'redeemed' }
}

function codeFrom(row: SqlRow): Code {
  return {
    hash: text(row, 'hash'),
    client: text(row, 'client'),
    redirectUri: text(row, 'redirect_uri'),
    codeChallenge: text(row, 'code_challenge'),
    login: text(row, 'login'),
    subject: text(row, 'subject'),
    scope: list(row, 'scope'),
    resources: list(row, 'resources'),
    nonce: textOrNull(row, 'nonce'),
    authTime: number(row, 'auth_time'),
    acr: textOrNull(row, 'acr'),
    amr: list(row, 'amr'),
    rev: number(row, 'rev'),
    device: textOrNull(row, 'device'),
    issuedAt: number(row, 'issued_at'),
    expiresAt: number(row, 'expires_at'),
    session: textOrNull(row, 'session'),
  }
}

function rowOfCode(issuer: string, code: Code): Readonly<Record<string, SQLInputValue>> {
  return {
    issuer,
    hash: code.hash,
    client: code.client,
    redirect_uri: code.redirectUri,
    code_challenge: code.codeChallenge,
    login: code.login,
    subject: code.subject,
    scope: JSON.stringify(code.scope),
    resources: JSON.stringify(code.resources),
    nonce: code.nonce,
    auth_time: code.authTime,
    acr: code.acr,
    amr: JSON.stringify(code.amr),
    rev: code.rev,
    device: code.device,
    issued_at: code.issuedAt,
    expires_at: code.expiresAt,
    session: code.session,
    voided: 0,
  }
}

const FIND = 'SELECT * FROM codes WHERE issuer = ? AND hash = ?'
