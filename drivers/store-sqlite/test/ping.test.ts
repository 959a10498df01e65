import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { expect, test, vi } from 'vitest'
import { ISSUER, sampleClient } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test('ping rejects as store/busy while another process holds the file, and answers when it has let go', async () => {
  const path = `${folder}/held.db`
  const stores = await openSqliteStores({ path, busyAttempts: 2 })
  const holder = new DatabaseSync(path)
  holder.exec('BEGIN IMMEDIATE')
  await expect(stores.ping()).rejects.toMatchObject({ code: 'store/busy' })
  holder.exec('ROLLBACK')
  holder.close()
  await expect(stores.ping()).resolves.toBeUndefined()
  await stores.close()
})

test('ping writes nothing', async () => {
  const path = `${folder}/unwritten.db`
  const stores = await openSqliteStores({ path })
  await stores.clients.add(ISSUER, sampleClient('app'), [])
  const before = readFileSync(`${path}-wal`)
  for (let times = 0; times < 5; times += 1) await stores.ping()
  expect(readFileSync(`${path}-wal`).equals(before)).toBe(true)
  await stores.close()
})

test('ping rejects when the connection that writes is lost, though the other still reads', async () => {
  const executed = vi.spyOn(DatabaseSync.prototype, 'exec')
  const stores = await openSqliteStores({ path: `${folder}/lost.db` })
  const writer = executed.mock.contexts.find((context) => context instanceof DatabaseSync)
  executed.mockRestore()
  writer?.close()
  expect(await stores.clients.list(ISSUER)).toEqual([])
  await expect(stores.ping()).rejects.toBeInstanceOf(Error)
})
