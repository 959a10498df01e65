import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { createLog, loadConfiguration } from 'jotwarden'
import { afterEach, expect, test } from 'vitest'
import { pruneStore } from '../src/serve/prune-store.ts'
import { type OpenedAuthority, openAuthority } from '../src/state/open-authority.ts'
import { jotwarden, temporaryFolder } from './jotwarden-process.ts'

const ISSUER = 'http://127.0.0.1:8420'
const DAY = 86_400
const environment = {
  JOTWARDEN_KEK: 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ',
  JOTWARDEN_KEYS_OWNER: 'ann',
  JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
}
const silent = createLog({ level: 'silent', format: 'json', stream: new Writable() })
let opened: OpenedAuthority

afterEach(() => opened.close())

/** An authority on a store with 450 events of each of so many days ago; gives its folder. */
async function withEvents(retention: string, days: readonly number[]): Promise<string> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'jotwarden.toml'), `issuer = "${ISSUER}"\n${retention}`)
  const { configuration } = loadConfiguration({ folder, file: undefined, environment })
  if (configuration === undefined) throw new Error('Cannot test: the configuration is refused')
  const stores = await openSqliteStores({ path: configuration.store.path })
  for (const age of days) {
    const event = { type: 'login-refused', at: Date.now() / 1000 - age * DAY } as const
    await stores.events.record(ISSUER, Array<typeof event>(450).fill(event))
  }
  await stores.close()
  opened = await openAuthority(configuration, environment)
  return folder
}

async function counted(): Promise<Readonly<Record<number, number>>> {
  const events = await opened.stores.events.list(ISSUER, { after: 0, limit: 10_000 })
  const days = events
    .filter(({ type }) => type === 'login-refused')
    .map(({ at }) => Math.round((Date.now() / 1000 - at) / DAY))
  return Object.fromEntries([...Map.groupBy(days, (age) => age)].map(([age, all]) => [age, all.length]))
}

async function pruned(): Promise<number> {
  let rows = 0
  await pruneStore(opened, silent, (batch) => {
    rows += batch
  })
  return rows
}

test('pruneStore() takes events older than 400 days, and says how many', async () => {
  const folder = await withEvents('', [500, 401, 399, 1])
  const found = await oldestEvent(folder)
  expect(await pruned()).toBe(900)
  expect(await counted()).toEqual({ 399: 450, 1: 450 })
  expect(await pruned()).toBe(0)
  expect((await oldestEvent(folder)) - found).toBeCloseTo(101 * DAY, -2)
})

test('pruneStore() takes what is older than events.retention', async () => {
  await withEvents('[events]\nretention = "7d"\n', [8, 6])
  expect(await pruned()).toBe(450)
  expect(await counted()).toEqual({ 6: 450 })
})

test('pruneStore() takes no event where the retention is forever', async () => {
  await withEvents('[events]\nretention = "forever"\n', [10_000, 1])
  expect(await pruned()).toBe(0)
  expect(await counted()).toEqual({ 10000: 450, 1: 450 })
})

/** As `store status` shows it. */
async function oldestEvent(folder: string): Promise<number> {
  const { stdout } = await jotwarden(['store', 'status', '--json'], { folder, environment })
  return JSON.parse(stdout).issuers[0].oldest_event
}
