/** Prints acts a second: `node --conditions=jotwarden-source drivers/store-sqlite/test/measure.ts`. No test. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { NOTHING, type Rotation, type Session } from '@jotwarden/authority'
import { openSqliteStores, type SqliteStores } from '@jotwarden/store-sqlite'

const ISSUER = 'https://issuer.example'
const T0 = 1_800_000_000
const MILLISECONDS = 2000

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'jotwarden-measure-'))
const stores = await openSqliteStores({ path: join(folder, 'measure.db') })
const sessions = await manySessions(stores, 2000)

const generations = sessions.map(() => 0)

for (const inFlight of [1, 8, 64, 256]) {
  await measure(`rotate, ${inFlight} in flight`, inFlight, (index) => {
    const place = index % sessions.length
    const generation = generations[place] ?? 0
    generations[place] = generation + 1
    return stores.sessions.rotate(ISSUER, rotation(sessions[place] ?? '', generation), () => NOTHING)
  })
}
for (const inFlight of [1, 64]) {
  await measure(`find, ${inFlight} in flight`, inFlight, (index) =>
    stores.sessions.find(ISSUER, sessions[index % sessions.length] ?? ''),
  )
  await measure(`start, ${inFlight} in flight`, inFlight, () =>
    stores.sessions.start(ISSUER, sample(), [{ type: 'session-started', at: T0 }]),
  )
}
await stores.close()
rmSync(folder, { recursive: true })

async function measure(
  name: string,
  inFlight: number,
  act: (index: number) => Promise<unknown>,
): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const began = performance.now()
  let done = 0
  delay.enable()
  const lane = async (): Promise<void> => {
    while (performance.now() - began < MILLISECONDS) {
      done += 1
      await act(done)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  delay.disable()
  const perSecond = Math.round((done * 1000) / (performance.now() - began))
  console.log(`${name}: ${perSecond} a second, loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`)
}

async function manySessions(into: SqliteStores, count: number): Promise<readonly string[]> {
  const made = Array.from({ length: count }, sample)
  await Promise.all(made.map((session) => into.sessions.start(ISSUER, session, [])))
  return made.map((session) => session.id)
}

function rotation(session: string, generation: number): Rotation {
  return {
    session,
    generation,
    now: T0 + 100 * generation,
    mode: 'rotate',
    graceWindow: 10,
    idleLifetime: 1e9,
    macKid: 'a-mac-key',
    network: null,
    shadowLimit: 0,
    endShadowed: false,
  }
}

function sample(): Session {
  return {
    id: randomBytes(16).toString('base64url'),
    login: null,
    client: 'ledger',
    subject: `usr_${randomBytes(16).toString('base64url')}`,
    scope: ['openid', 'offline_access'],
    resources: ['https://api.example/'],
    confirmation: null,
    authTime: T0,
    acr: null,
    amr: ['pwd'],
    rev: 0,
    device: null,
    seed: randomBytes(32),
    generation: 0,
    rotatedAt: null,
    macKid: 'a-mac-key',
    network: null,
    gracedGeneration: null,
    gracedInRow: 0,
    statusIndex: null,
    createdAt: T0,
    idleExpiresAt: T0 + 1e9,
    absoluteExpiresAt: T0 + 1e9,
    endedAt: null,
    endCause: null,
  }
}
