import { spawn } from 'node:child_process'
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { backUpFile, openSqliteStores, restoreFile } from '@jotwarden/store-sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ISSUER, sampleClient } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test('restoreFile() throws what prepare throws, and nothing has changed', async () => {
  const { path, copy } = await storeAndCopy('unprepared')
  const prepare = () => Promise.reject(new Error('the disk is full'))
  const restoring = restoreFile({ from: copy, to: path, keepAs: `${path}.kept`, prepare })
  await expect(restoring).rejects.toThrow('the disk is full')
  expect(await clientsOf(path)).toEqual(['after', 'before'])
  expect(readdirSync(`${folder}/unprepared`)).toEqual(['store.db'])
})

test('restoreFile() checks the copy itself, before anything is prepared', async () => {
  const { path, copy } = await storeAndCopy('damaged')
  writeFileSync(copy, readFileSync(copy).fill(0xa5, 5 * 4096, 6 * 4096))
  const prepare = vi.fn()
  const restoring = restoreFile({ from: copy, to: path, keepAs: `${path}.kept`, prepare })
  await expect(restoring).rejects.toMatchObject({ code: 'store/damaged' })
  expect(prepare).not.toHaveBeenCalled()
  expect(await clientsOf(path)).toEqual(['after', 'before'])
})

test('restoreFile() takes what lies in the log beside a copy that was made by hand', async () => {
  const path = `${folder}/by-hand/store.db`
  const stores = await openSqliteStores({ path })
  await stores.clients.add(ISSUER, sampleClient('in-the-log'), [])
  const [from, to] = [`${folder}/by-hand/copy.db`, `${folder}/restored/store.db`]
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, from + suffix)
  await stores.close()
  const prepare = () => Promise.resolve()
  expect(await restoreFile({ from, to, keepAs: `${to}.kept`, prepare })).toBe('none-before')
  expect(await clientsOf(to)).toEqual(['in-the-log'])
})

test('restoreFile() puts nothing in the place of a link', async () => {
  const { path, copy } = await storeAndCopy('volume')
  for (const target of [path, `${folder}/nowhere/store.db`]) {
    const link = `${folder}/link-${basename(dirname(target))}.db`
    symlinkSync(target, link)
    const restoring = restoreFile({ from: copy, to: link, keepAs: `${link}.kept`, prepare: vi.fn() })
    await expect(restoring).rejects.toMatchObject({ code: 'store/failed' })
    expect(readlinkSync(link)).toBe(target)
  }
  expect(await clientsOf(path)).toEqual(['after', 'before'])
})

test.skipIf(process.getuid?.() !== 0)(
  'restoreFile() as root leaves the store to the user of the server',
  async () => {
    const { path, copy } = await storeAndCopy('of-a-user')
    chownSync(path, 65_534, 65_534)
    const prepare = () => Promise.resolve()
    await restoreFile({ from: copy, to: path, keepAs: `${path}.kept`, prepare })
    expect(statSync(path)).toMatchObject({ uid: 65_534, gid: 65_534 })
  },
)

test.skipIf(process.platform !== 'linux')(
  'who had begun to open the old file when restoreFile() moved it is refused, and writes neither into it nor beside the new one',
  async () => {
    const { path, copy } = await storeAndCopy('late')
    const script = fileURLToPath(new URL('acting-child.ts', import.meta.url))
    let errors: Promise<string> | undefined
    const prepare = async () => {
      const child = spawn(process.execPath, ['--conditions=jotwarden-source', script, path])
      onTestFinished(() => void child.kill())
      errors = text(child.stderr)
      await vi.waitFor(() => expect(openFilesOf(child.pid ?? 0)).toContain(path), {
        timeout: 10_000,
        interval: 5,
      })
    }
    await restoreFile({ from: copy, to: path, keepAs: `${path}.kept`, prepare })
    expect(await errors).toContain("code: 'store/failed'")
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(await clientsOf(path)).toEqual(['before'])
    expect(await clientsOf(`${path}.kept`)).toEqual(['after', 'before'])
  },
  30_000,
)

async function storeAndCopy(name: string): Promise<{ readonly path: string; readonly copy: string }> {
  const path = `${folder}/${name}/store.db`
  mkdirSync(`${folder}/${name}-copies`)
  const copy = `${folder}/${name}-copies/copy.db`
  const stores = await openSqliteStores({ path })
  await stores.clients.add(ISSUER, sampleClient('before'), [])
  await backUpFile({ from: path, to: copy, replace: false })
  await stores.clients.add(ISSUER, sampleClient('after'), [])
  await stores.close()
  return { path, copy }
}

async function clientsOf(path: string): Promise<readonly string[]> {
  const stores = await openSqliteStores({ path })
  const clients = await stores.clients.list(ISSUER)
  await stores.close()
  return clients.map(({ id }) => id).toSorted()
}

function openFilesOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`)
    } catch {
      return ''
    }
  })
}
