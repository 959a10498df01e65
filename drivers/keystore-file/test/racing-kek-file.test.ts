import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('openKekFile(): of racing processes one makes the file and all open the same key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jotwarden-kek-'))
  try {
    const ids = await Promise.all(Array.from({ length: 4 }, () => openInProcess(join(folder, 'kek'))))
    expect(ids[0]).toMatch(/^[\w-]{11}$/)
    expect(new Set(ids).size).toBe(1)
    expect(readdirSync(folder)).toEqual(['kek'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

async function openInProcess(path: string): Promise<string> {
  const script = `import { openKekFile } from '@jotwarden/keystore-file'
    process.stdout.write(openKekFile(process.argv[1], { create: true, requireMode: true }).id)`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=jotwarden-source', '--input-type=module', '--eval', script, path],
    { cwd: import.meta.dirname },
  )
  return stdout
}
