/** Performs acts until it is killed; writes one line for each act once it is acknowledged, and never before. */
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { NOTHING, noted, type SecurityEvent, sessionEnded, together } from '@jotwarden/authority'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { ISSUER, sampleCode, sampleLogin, sampleRotation, sampleSession, T0 } from './samples.ts'

const stores = await openSqliteStores({ path: process.argv[2] ?? '' })
const login = fresh()
await stores.logins.start(ISSUER, sampleLogin(login), null, [])
await Promise.all([rotating(), rotating(), rotating(), redeeming(), redeeming()])

/** Starts sessions, rotates each twenty times and ends it. */
async function rotating(): Promise<void> {
  for (;;) {
    const session = fresh()
    await stores.sessions.start(ISSUER, sampleSession(session), [started(session)])
    acknowledge('started', session)
    for (let generation = 0; generation < 20; generation += 1) {
      const { outcome } = await stores.sessions.rotate(
        ISSUER,
        sampleRotation(session, generation),
        () => NOTHING,
      )
      acknowledge(outcome, session, String(generation + 1))
    }
    await stores.sessions.end(ISSUER, { session }, 'logout', T0 + 3000, (ended) =>
      together(...ended.map((row) => sessionEnded(row, 'logout', T0, 1_000_000))),
    )
    acknowledge('ended', session)
  }
}

async function redeeming(): Promise<void> {
  for (;;) {
    const [hash, session] = [fresh(), fresh()]
    await stores.codes.issue(ISSUER, sampleCode(hash, login), [])
    acknowledge('issued', hash)
    const { outcome } = await stores.codes.redeem(ISSUER, hash, sampleSession(session, { login }), T0, () =>
      noted(started(session)),
    )
    acknowledge(outcome, hash, session)
  }
}

function started(session: string): SecurityEvent {
  return { type: 'session-started', at: T0, session }
}

function acknowledge(...words: readonly string[]): void {
  writeSync(1, `${words.join(' ')}\n`)
}

function fresh(): string {
  return randomBytes(16).toString('base64url')
}
