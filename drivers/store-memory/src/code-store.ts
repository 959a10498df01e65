import type { CodeStore, RedeemOutcome, Session } from '@jotwarden/authority'
import type { Database } from './database.ts'
import { endSessions } from './ending.ts'
import { StoreError } from './errors.ts'
import { writeEvents } from './event-store.ts'
import { isRevoked, writeRecording } from './revocation-log.ts'
import type { Rows } from './rows.ts'
import { addSession, isLoginOpen } from './session-store.ts'

export function createCodeStore(database: Database): CodeStore {
  return {
    issue: (issuer, code, events) =>
      database.act(issuer, (rows) => {
        if (!isLoginOpen(rows, code.login) || isRevoked(rows, issuer, code)) return 'login-ended'
        if (rows.codes.find(code.hash) !== undefined)
          throw new StoreError('store/exists', 'Cannot issue the code: its hash is taken')
        rows.codes.put(code.hash, { code, voided: false })
        writeEvents(rows, events)
        return 'issued'
      }),
    find: (issuer, hash) => database.read(issuer, (rows) => rows.codes.find(hash)?.code),
    redeem: (issuer, hash, session, now, record) =>
      database.act(issuer, (rows) => {
        const outcome = redeem(rows, issuer, hash, session, now)
        writeRecording(rows, record(outcome))
        return outcome
      }),
  }
}

function redeem(rows: Rows, issuer: string, hash: string, session: Session, now: number): RedeemOutcome {
  const row = rows.codes.find(hash)
  if (row === undefined) return { outcome: 'unknown' }
  const { code, voided } = row
  if (code.session !== null) {
    endSessions(rows, (first) => first.id === code.session, 'code-replayed', now)
    return { outcome: 'replayed', session: code.session }
  }
  if (voided || now >= code.expiresAt || !isLoginOpen(rows, code.login)) return { outcome: 'refused' }
  if (isRevoked(rows, issuer, code)) return { outcome: 'refused' }
  rows.codes.put(hash, { code: { ...code, session: session.id }, voided: false })
  addSession(rows, session)
  return { outcome: 'redeemed' }
}
