import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { expect, test } from 'vitest'
import { expectWhole, lost, revived } from './acknowledged.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test.skipIf(process.platform === 'win32')(
  'where no more can be written, acts are refused as store/failed and no acknowledged one is lost',
  async () => {
    const path = `${folder}/full.db`
    const script = fileURLToPath(new URL('acting-child.ts', import.meta.url))
    // In blocks of 512 bytes: no file of the process grows beyond it, and a write past it fails.
    const command = 'ulimit -f 600; exec "$0" --conditions=jotwarden-source "$@"'
    const child = spawn('/bin/sh', ['-c', command, process.execPath, script, path])
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    expect(errors).toContain("code: 'store/failed'")
    const lines = output.split('\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(0)

    const stores = await openSqliteStores({ path })
    expectWhole(path)
    expect(await lost(stores, lines)).toEqual([])
    expect(await revived(stores, lines)).toEqual([])
    await stores.close()
  },
  60_000,
)
