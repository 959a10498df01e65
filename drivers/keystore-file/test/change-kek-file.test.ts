import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GeneratedKey, KeyRecord } from '@jotwarden/keyring'
import { changeKekFile, createFileKeyStore, openKekFile } from '@jotwarden/keystore-file'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jotwarden-kek-'))
  path = join(folder, 'kek')
  openKekFile(path, { create: true, requireMode: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('changeKekFile()', () => {
  test('addFirst() puts a new key first, and what was there still opens', async () => {
    const [old] = ids()
    const keks = await changeKekFile(path, async (file) => file.addFirst())
    expect(keks.map(({ id }) => id)).toEqual(ids())
    expect(ids()).toHaveLength(2)
    expect(ids()[1]).toBe(old)
    expect(readFileSync(path, 'utf8')).toMatch(/^([\w-]{43}\n){2}$/)
    expect(names()).toEqual(['kek', 'kek.lock'])
    expect(readFileSync(`${path}.lock`)).toHaveLength(0)
  })

  test('dropOthers() leaves the first alone and keeps the others in files of their own', async () => {
    const [old] = ids()
    const kept = await changeKekFile(path, async (file) => {
      file.addFirst()
      return file.dropOthers(true)
    })
    expect(kept).toEqual([`${path}.old-${old}`])
    expect(ids()).toHaveLength(1)
    expect(ids()).not.toContain(old)
    expect(openKekFile(kept[0] ?? '', { create: false, requireMode: true })[0].id).toBe(old)
  })

  test('dropOthers() keeps nothing when asked so, and changes nothing when there is one key', async () => {
    const before = ids()
    expect(await changeKekFile(path, async (file) => file.dropOthers(true))).toEqual([])
    expect(ids()).toEqual(before)
    await changeKekFile(path, async (file) => {
      file.addFirst()
      return file.dropOthers(false)
    })
    expect(names()).toEqual(['kek', 'kek.lock'])
  })

  test('keeps the mode and the owner of the file', async () => {
    for (const mode of [0o600, 0o400]) {
      chmodSync(path, mode)
      const { uid, gid } = statSync(path)
      await changeKekFile(path, async (file) => file.addFirst())
      const after = statSync(path)
      expect([after.mode & 0o777, after.uid, after.gid]).toEqual([mode, uid, gid])
    }
  })

  test('of two callers at once the second is refused, and nothing of the first is lost', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const first = changeKekFile(path, async (file) => {
      const keks = file.addFirst()
      reach()
      await released
      return keks
    })
    await reached
    const second = changeKekFile(path, async (file) => file.addFirst())
    await expect(second).rejects.toMatchObject({ code: 'keystore/kek-busy' })
    release()
    expect(ids()).toEqual((await first).map(({ id }) => id))
    await changeKekFile(path, async (file) => file.addFirst())
    expect(ids()).toHaveLength(3)
  })

  test('is free again after a failure, and clears away what a killed process left', async () => {
    const failing = changeKekFile(path, async () => {
      throw new Error('as if killed')
    })
    await expect(failing).rejects.toThrow('as if killed')
    const left = `${path}.${'ab'.repeat(8)}.draft`
    writeFileSync(left, 'half a ke', { mode: 0o600 })
    await changeKekFile(path, async (file) => file.addFirst())
    expect(existsSync(left)).toBe(false)
  })

  test('reads where nothing can be written, and changes nothing', () =>
    asOrdinaryUser(async () => {
      chmodSync(folder, 0o500)
      const before = ids()
      try {
        const keks = await changeKekFile(path, async (file) => file.keks())
        expect(keks.map(({ id }) => id)).toEqual(before)
        const adding = changeKekFile(path, async (file) => file.addFirst())
        await expect(adding).rejects.toMatchObject({ code: 'keystore/kek-file' })
      } finally {
        chmodSync(folder, 0o700)
      }
      expect(ids()).toEqual(before)
      expect(names()).toEqual(['kek'])
    }))

  test('refuses a symbolic link, an open mode and a missing file, and makes nothing', async () => {
    const link = join(folder, 'link')
    symlinkSync(path, link)
    await expect(changeKekFile(link, async () => 0)).rejects.toMatchObject({ code: 'keystore/kek-link' })
    chmodSync(path, 0o644)
    await expect(changeKekFile(path, async () => 0)).rejects.toMatchObject({ code: 'keystore/kek-mode' })
    const missing = changeKekFile(join(folder, 'none'), async () => 0)
    await expect(missing).rejects.toMatchObject({ code: 'keystore/kek-missing' })
    expect(names()).toEqual(['kek', 'link'])
  })
})

describe('createFileKeyStore() with readAgain', () => {
  const request = { issuer: 'https://issuer.example', purpose: 'sealing', alg: 'A256GCM' } as const

  test('wraps a new key under what is first then, and opens what it did not know at its start', async () => {
    const node = storeOnFile()
    const [old] = ids()
    const before = record(await node.generate(request))
    await changeKekFile(path, async (file) => file.addFirst())
    const other = storeOnFile()
    const after = record(await other.generate(request))
    expect((await node.secret(after)).reveal().length).toBe(32)
    expect(other.rewrap(before)).toBeDefined()
    await changeKekFile(path, async (file) => file.dropOthers(false))
    // Read before the old key went, opened after: a node that knew it still can, and wraps nothing by it.
    expect((await node.secret(before)).reveal().length).toBe(32)
    const made = record(await node.generate(request))
    expect(node.rewrap(made)).toBeUndefined()
    expect(storeOnFile().rewrap(made)).toBeUndefined()
    await expect(storeOnFile().secret(before)).rejects.toMatchObject({
      code: 'keystore/wrong-kek',
      message: expect.stringContaining(old ?? ''),
    })
  })

  test('makes no key while the file is not there', async () => {
    const node = storeOnFile()
    rmSync(path)
    await expect(node.generate(request)).rejects.toMatchObject({ code: 'keystore/kek-missing' })
  })

  function record(generated: GeneratedKey): KeyRecord {
    return {
      ...request,
      ...generated,
      state: 'active',
      ...{ createdAt: 1, announcedAt: null, activatedAt: 1, version: 1, uses: 0 },
      ...{ retiringAt: null, removableAt: null, retiredAt: null, compromisedAt: null },
    }
  }
})

function storeOnFile() {
  const readAgain = () => openKekFile(path, { create: false, requireMode: true })
  const [kek, ...olderKeks] = readAgain()
  return createFileKeyStore({ kek, olderKeks, readAgain })
}

function ids(): readonly string[] {
  return openKekFile(path, { create: false, requireMode: true }).map(({ id }) => id)
}

function names(): readonly string[] {
  return readdirSync(folder).toSorted()
}

/** Root may write everywhere, so that it has to stand back. */
async function asOrdinaryUser(act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act()
  for (const owned of [folder, path]) chownSync(owned, NOBODY, NOBODY)
  process.seteuid?.(NOBODY)
  try {
    await act()
  } finally {
    process.seteuid?.(0)
  }
}

const NOBODY = 65_534
