/** Opens new files in step with other threads, all at once for each; answers how it went. */
import { parentPort, workerData } from 'node:worker_threads'
import { openSqliteStores } from '@jotwarden/store-sqlite'

const { paths, threads, gate } = workerData as {
  readonly paths: readonly string[]
  readonly threads: number
  readonly gate: SharedArrayBuffer
}
const arrived = new Int32Array(gate)

for (const [round, path] of paths.entries()) {
  Atomics.add(arrived, 0, 1)
  while (Atomics.load(arrived, 0) < threads * (round + 1)) {
    // Spinning, so that all start within a microsecond.
  }
  const stores = await openSqliteStores({ path })
  await stores.ping()
  await stores.close()
}
parentPort?.postMessage('opened')
