import { DatabaseSync } from 'node:sqlite'
import { NOTHING } from '@jotwarden/authority'
import type { SqliteStores } from '@jotwarden/store-sqlite'
import { expect } from 'vitest'
import { ISSUER, sampleRotation, sampleSession, T0 } from './samples.ts'

/** Which of the acknowledged acts are not there. */
export async function lost(stores: SqliteStores, lines: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = []
  for (const line of lines) if (!(await isKept(stores, line))) missing.push(line)
  return missing
}

/** Which acknowledged ends can be refreshed after all, and which acknowledged redemptions can be had twice. */
export async function revived(stores: SqliteStores, lines: readonly string[]): Promise<readonly string[]> {
  const alive = await Promise.all(
    lines.map(async (line) => {
      const [kind, id = ''] = line.split(' ')
      if (kind === 'ended') {
        const { outcome } = await stores.sessions.rotate(ISSUER, sampleRotation(id, 20), () => NOTHING)
        return outcome !== 'ended'
      }
      if (kind !== 'redeemed') return false
      const { outcome } = await stores.codes.redeem(
        ISSUER,
        id,
        sampleSession(`${id}-again`),
        T0,
        () => NOTHING,
      )
      return outcome !== 'replayed'
    }),
  )
  return lines.filter((_, index) => alive[index])
}

/** Each act that was not acknowledged is there with all it writes or not at all. */
export function expectWhole(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true })
  const count = (sql: string): unknown => database.prepare(`SELECT count(*) AS rows FROM ${sql}`).get()?.rows
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  expect(count("events WHERE type = 'session-started'")).toBe(count('sessions'))
  expect(count("sessions WHERE id NOT IN (SELECT session FROM events WHERE type = 'session-started')")).toBe(
    0,
  )
  expect(count("events WHERE type = 'session-ended'")).toBe(count('sessions WHERE ended_at IS NOT NULL'))
  expect(count('marks')).toBe(count('sessions WHERE ended_at IS NOT NULL'))
  expect(count('marks')).toBe(
    database.prepare('SELECT max(number) AS head FROM revocation_heads').get()?.head ?? 0,
  )
  expect(count('codes WHERE session IS NOT NULL AND session NOT IN (SELECT id FROM sessions)')).toBe(0)
  expect(
    count(
      'sessions WHERE login IS NOT NULL AND id NOT IN (SELECT session FROM codes WHERE session IS NOT NULL)',
    ),
  ).toBe(0)
  database.close()
}

async function isKept(stores: SqliteStores, line: string): Promise<boolean> {
  const [kind, id = '', value = ''] = line.split(' ')
  if (kind === 'issued' || kind === 'redeemed') {
    const code = await stores.codes.find(ISSUER, id)
    if (kind === 'issued') return code !== undefined
    return code?.session === value && (await stores.sessions.find(ISSUER, value)) !== undefined
  }
  const session = await stores.sessions.find(ISSUER, id)
  if (session === undefined) return false
  if (kind === 'rotated') return session.generation >= Number(value)
  if (kind === 'started') return true
  const isEnded = session.endedAt === T0 + 3000 && session.endCause === 'logout'
  return isEnded && (await stores.revocation.refuses(ISSUER, { ...TOKEN, sid: id })) === 'session'
}

/** Newer than every mark, so that only those that hold whatever the rev can refuse it. */
const TOKEN = {
  iss: ISSUER,
  jti: 'jti',
  sub: 'sub',
  client_id: 'client',
  kid: 'kid',
  rev: Number.MAX_SAFE_INTEGER,
}
