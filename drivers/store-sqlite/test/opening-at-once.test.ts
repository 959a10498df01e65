import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

// SQLite sends one of two away at once, without waiting, when both turn a new file to a write-ahead log.

test('openSqliteStores: threads that open the same new file at the same moment all get in, 40 times', async () => {
  const folder = temporaryFolder()
  const paths = Array.from({ length: 40 }, (_, round) => join(folder, `${round}.db`))
  const threads = 2
  const workerData = { paths, threads, gate: new SharedArrayBuffer(4) }
  const script = new URL('opening-thread.ts', import.meta.url)
  const execArgv = ['--conditions=jotwarden-source']
  const answers = Array.from({ length: threads }, async () => {
    const [answer] = await once(new Worker(script, { workerData, execArgv }), 'message')
    return answer
  })
  expect(await Promise.all(answers)).toEqual(['opened', 'opened'])
})
