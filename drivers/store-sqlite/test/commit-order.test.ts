import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { NewMark } from '@jotwarden/authority'
import { openSqliteStores, type SqliteStores } from '@jotwarden/store-sqlite'
import { afterEach, expect, test, vi } from 'vitest'
import { ISSUER, T0 } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

afterEach(() => vi.useRealTimers())

test('of two marks whose acts commit in the other order than they began, the reader sees each once, in the order of the commits', async () => {
  const path = `${temporaryFolder()}/order.db`
  const [one, two] = [await openSqliteStores({ path }), await openSqliteStores({ path })]
  const holder = new DatabaseSync(path)
  vi.useFakeTimers({ toFake: ['setTimeout'] })

  holder.exec('BEGIN IMMEDIATE')
  const first = append(one, 'began-first')
  // The act is tried and finds the file held; from now on it waits for a timer that stands still
  while (vi.getTimerCount() === 0) await setImmediate()
  holder.exec('ROLLBACK')
  await append(two, 'began-second')
  expect(await numbers(one, 0)).toEqual([['began-second', 1]])

  vi.advanceTimersByTime(1000)
  await first
  expect(await numbers(two, 1)).toEqual([['began-first', 2]])
  expect(await numbers(one, 0)).toEqual([
    ['began-second', 1],
    ['began-first', 2],
  ])
  holder.close()
  await Promise.all([one.close(), two.close()])
})

function append({ revocation }: SqliteStores, id: string): Promise<void> {
  const mark: NewMark = { kind: 'token', id, cause: 'revoked', at: T0, expiresAt: T0 + 600, owner: null }
  return revocation.append(ISSUER, { events: [], marks: [mark] })
}

async function numbers({ revocation }: SqliteStores, after: number) {
  const { marks } = await revocation.read(ISSUER, { after, limit: 10 })
  return marks.map(({ id, number }) => [id, number])
}
