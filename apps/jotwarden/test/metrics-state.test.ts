import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from '@jotwarden/server'
import { loadConfiguration } from 'jotwarden'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Metrics } from '../src/metrics/metrics.ts'
import { type OpenedAuthority, openAuthority } from '../src/state/open-authority.ts'
import { temporaryFolder } from './jotwarden-process.ts'
import { parseMetrics, total } from './metrics-page.ts'

const environment = { JOTWARDEN_KEK: 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ' }
const CONFIGURATION = `issuer = "http://127.0.0.1:8420"
[keys]
owner = "ann@example.com"
rotation_period = "30d"
`
const metrics = new Metrics()
let opened: OpenedAuthority
let storePath: string

beforeAll(async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'jotwarden.toml'), CONFIGURATION)
  const { configuration } = loadConfiguration({ folder, file: undefined, environment })
  if (configuration === undefined) throw new Error('Cannot test: the configuration is refused')
  storePath = configuration.store.path
  opened = await openAuthority(configuration, environment, metrics.observers)
})
afterAll(async () => {
  metrics.stop()
  await opened.close()
})

async function read(of: OpenedAuthority) {
  const server = createServer({ authority: of.authority, loopback: true })
  return parseMetrics(await metrics.text({ opened: of, server, storePath }))
}

test('a store that does not answer is a number, and the others are there all the same', async () => {
  expect(total(await read(opened), 'jotwarden_store_readable')).toBe(1)
  const keys = { ...opened.stores.keys, list: () => Promise.reject(new Error('broken')) }
  const broken = await read({ ...opened, stores: { ...opened.stores, keys } })
  expect(total(broken, 'jotwarden_store_readable')).toBe(0)
  expect(total(broken, 'process_resident_memory_bytes')).toBeGreaterThan(0)
  expect(total(broken, 'jotwarden_keys', { state: 'active' })).toBe(3)
  expect(total(await read(opened), 'jotwarden_store_readable')).toBe(1)
})

test('the next step of a purpose is the earliest, and a key that is gone is counted no more', async () => {
  const { issuer } = opened.authority.settings
  const spare = (await opened.stores.keys.list(issuer)).find(
    ({ purpose, state }) => purpose === 'sealing' && state === 'pending',
  )
  if (spare === undefined) throw new Error('Cannot test: there is no spare')
  const { kid, version } = spare
  const at = Math.floor(Date.now() / 1000)
  expect(await opened.stores.keys.transition(issuer, [{ kid, version, to: 'retired', at }], [])).toBe('done')
  const families = await read(opened)
  expect(total(families, 'jotwarden_keys', { purpose: 'sealing' })).toBe(1)
  // Without a spare the next thing to do is to make one, now
  const next = total(families, 'jotwarden_key_next_step_timestamp_seconds', { purpose: 'sealing' })
  expect(Math.abs(next - Date.now() / 1000)).toBeLessThan(5)
})

test('what a throttled guess and a busy hasher are is seen at once', async () => {
  const limiter = metrics.observers.limiter({
    attempt: () => Promise.resolve({ outcome: 'wait', seconds: 1, isKnown: false }),
    check: (_issuer, { who }) => Promise.resolve({ outcome: 'wait', seconds: 1, isKnown: who === 'known' }),
    withdraw: () => Promise.resolve(),
    succeeded: () => Promise.resolve(),
  })
  await limiter.attempt('i', { kind: 'login', who: 'a', network: null }, 1)
  await limiter.check('i', { kind: 'client', who: 'unknown', network: null }, 1)
  await limiter.check('i', { kind: 'client', who: 'known', network: null }, 1)
  const families = await read({ ...opened, hasher: { ...opened.hasher, underWay: 7 } })
  expect(total(families, 'jotwarden_throttled_attempts_total', { kind: 'login' })).toBe(1)
  expect(total(families, 'jotwarden_throttled_attempts_total', { kind: 'client' })).toBe(1)
  expect(total(families, 'jotwarden_sign_ins_total', { outcome: 'throttled' })).toBe(1)
  expect(total(families, 'jotwarden_hasher_queue_length')).toBe(7)
})
