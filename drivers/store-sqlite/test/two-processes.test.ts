import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { NOTHING } from '@jotwarden/authority'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { expect, test } from 'vitest'
import type { RaceOrder, RaceResult } from './racing-child.ts'
import { ISSUER, sampleCode, sampleLogin, sampleRotation, sampleSession } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test('processes on one file: each race is won by exactly one of three, and all read the same end', async () => {
  const path = `${folder}/races.db`
  const stores = await openSqliteStores({ path })
  const order: RaceOrder = { clients: names('client'), codes: names('code'), sessions: names('session') }
  await stores.logins.start(ISSUER, sampleLogin('login'), null, [])
  await Promise.all(order.codes.map((hash) => stores.codes.issue(ISSUER, sampleCode(hash, 'login'), [])))
  await Promise.all(order.sessions.map((id) => stores.sessions.start(ISSUER, sampleSession(id), [])))
  const version = stores.dataVersion()
  expect(stores.dataVersion()).toBe(version)

  const children = await Promise.all([ready(path), ready(path), ready(path)])
  const results = await Promise.all(children.map((child) => raced(child, order)))

  expect(results.flatMap(({ added }) => added).toSorted()).toEqual(order.clients)
  expect(results.flatMap(({ redeemed }) => redeemed).toSorted()).toEqual(order.codes)
  expect(results.flatMap(({ rotated }) => rotated).toSorted()).toEqual(order.sessions)
  expect(stores.dataVersion()).not.toBe(version)
  expect(await stores.clients.list(ISSUER)).toHaveLength(order.clients.length)
  for (const id of order.sessions) expect((await stores.sessions.find(ISSUER, id))?.generation).toBe(1)
  await stores.close()
}, 120_000)

test('processes on one file: several may find it new at once, and this one is not held up', async () => {
  const path = `${folder}/new.db`
  const order: RaceOrder = { clients: names('client'), codes: [], sessions: [] }
  const children = await Promise.all([ready(path), ready(path), ready(path), ready(path)])
  const racing = Promise.all(children.map((child) => raced(child, order)))
  const stores = await openSqliteStores({ path })
  await stores.sessions.start(ISSUER, sampleSession('mine'), [])
  for (let generation = 0; generation < 40; generation += 1) {
    const { outcome } = await stores.sessions.rotate(
      ISSUER,
      sampleRotation('mine', generation),
      () => NOTHING,
    )
    expect(outcome).toBe('rotated')
  }
  expect((await racing).flatMap(({ added }) => added).toSorted()).toEqual(order.clients)
  await stores.close()
}, 120_000)

function names(kind: string): readonly string[] {
  return Array.from({ length: 150 }, (_, index) => `${kind}-${String(index).padStart(3, '0')}`)
}

async function ready(path: string): Promise<ChildProcess> {
  const child = fork(new URL('racing-child.ts', import.meta.url), [path], {
    execArgv: ['--conditions=jotwarden-source'],
  })
  await once(child, 'message')
  return child
}

async function raced(child: ChildProcess, order: RaceOrder): Promise<RaceResult> {
  const gone = once(child, 'exit')
  child.send(order)
  const [result] = await once(child, 'message')
  await gone
  return result
}
